import type { EpochRecord } from './checkpoint/checkpoint.js';

/** The epoch with the best validation metric, the first of several equal ones; null while none has a defined one. */
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

/**
 * Epochs since a validation metric last improved by more than `minimumDelta` over its value at the improvement before; an
 * undefined metric is not an improvement. Early stopping compares this with its patience.
 */
export function epochsWithoutImprovement(
  history: readonly EpochRecord[],
  { metric, minimumDelta }: { readonly metric: string; readonly minimumDelta: number },
): number {
  let reference: number | null | undefined;
  let waited = 0;
  for (const { validation } of history) {
    const value = validation?.[metric];
    if (improves(metric, { value, reference, minimumDelta })) {
      reference = value;
      waited = 0;
    } else waited += 1;
  }
  return waited;
}

interface Comparison {
  readonly value: number | null | undefined;
  readonly reference: number | null | undefined;
  readonly minimumDelta?: number;
}

/** Whether a value is better than the reference by more than `minimumDelta`; any defined value is better than none. */
function improves(metric: string, { value, reference, minimumDelta = 0 }: Comparison): boolean {
  if (value === null || value === undefined) return false;
  if (reference === null || reference === undefined) return true;
  const lowerIsBetter = metric === 'loss';
  return lowerIsBetter ? value < reference - minimumDelta : value > reference + minimumDelta;
}
