import type { EpochRecord } from '../checkpoint/trainingProgress.js';
import { improves } from './improves.js';

/** The epoch with the best validation metric, the first of equals; null while none has a defined one. */
export function bestEpoch(history: readonly EpochRecord[], metric: string): EpochRecord | null {
  return history.reduce<EpochRecord | null>(
    (best, record) =>
      improves(metric, {
        value: record.validation?.[metric],
        reference: best?.validation?.[metric],
      })
        ? record
        : best,
    null,
  );
}
