import { InputError } from '@nonlocal-med/core';
import type { EpochRecord } from '../checkpoint/checkpoint.js';
import { predictBatches } from '../predict.js';
import { meanLoss } from '../validationMetrics.js';
import type { Training } from './training.js';

/** Validation metrics by name, null for NaN; undefined without a validation set or when the signal comes. */
export async function validate(training: Training): Promise<EpochRecord['validation']> {
  const { logits, validation, evaluate, options, signal, average } = training;
  if (validation === undefined) return undefined;
  average?.exchange();
  try {
    const predictions = await predictBatches(logits, validation, { signal });
    const metrics = { ...(await evaluate(predictions)), loss: meanLoss(predictions) };
    for (const name of [options.selection, options.earlyStopping?.metric ?? options.selection])
      if (!(name in metrics))
        throw new InputError({
          path: 'selection',
          message: `unknown validation metric "${name}"`,
          hint: `one of ${Object.keys(metrics).join(', ')}`,
        });
    return Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [
        name,
        value !== null && Number.isFinite(value) ? value : null,
      ]),
    );
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  } finally {
    average?.exchange();
  }
}
