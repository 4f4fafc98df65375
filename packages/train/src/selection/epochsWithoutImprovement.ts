import type { EpochRecord } from '../checkpoint/trainingProgress.js';
import { improves } from './improves.js';

/**
 * Epochs since a validation metric last rose (for the loss: fell) by more than `minimumDelta` above the value at the
 * improvement before; an undefined metric is no improvement. Early stopping compares this with its patience.
 */
export function epochsWithoutImprovement(
  history: readonly EpochRecord[],
  { metric, minimumDelta }: { metric: string; minimumDelta: number },
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
