import { type Fault, throwFaults } from '@nonlocal-med/core';
import { validationMetrics } from '../evaluate/validationMetrics.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import type { FitOptions } from './fitOptions.js';

/**
 * What the parts of a training must have in common.
 * @throws InputError with all faults.
 */
export function checkFit(
  { model, train, validation, evaluate, run, resume }: FitOptions,
  { classWeights, earlyStopping, selection }: TrainOptions,
): void {
  const faults: Fault[] = [];
  const classes = train.classes.length;
  const output = model.outputs.map(({ shape }) => shape);
  if (output.length !== 1 || output[0].length !== 2 || output[0][1] !== classes) {
    faults.push({
      where: 'model',
      what: `its output has shape ${JSON.stringify(output.length === 1 ? output[0] : output)}`,
      allowed: `logits [B, ${classes}], one for each of ${train.classes.join(', ')}`,
    });
  }
  if (train.batchesPerEpoch < 1)
    faults.push({ where: 'train', what: 'has no batches', allowed: 'at least one' });
  if (classWeights !== undefined && classWeights.length !== classes)
    faults.push({
      where: 'classWeights',
      what: `${classWeights.length} weights`,
      allowed: `${classes}, one for each of ${train.classes.join(', ')}`,
    });
  if (validation !== undefined && validation.classes.join('\0') !== train.classes.join('\0'))
    faults.push({
      where: 'validation',
      what: `classes ${validation.classes.join(', ')}`,
      allowed: `those of the training: ${train.classes.join(', ')}`,
    });
  if (earlyStopping !== undefined && validation === undefined)
    faults.push({
      where: 'earlyStopping',
      what: 'there is no validation set',
      allowed: 'give one, or train for a fixed number of epochs',
    });
  if (evaluate === undefined) {
    for (const [where, metric] of [
      ['selection', selection],
      ['earlyStopping.metric', earlyStopping?.metric ?? selection],
    ] as const) {
      if (!validationMetrics.includes(metric))
        faults.push({
          where,
          what: `unknown validation metric "${metric}"`,
          allowed: `one of ${validationMetrics.join(', ')}`,
        });
    }
  }
  if (resume === true && run === undefined)
    faults.push({
      where: 'resume',
      what: 'there is no run to go on with',
      allowed: 'give the folder of one as `run`',
    });
  throwFaults(faults);
}
