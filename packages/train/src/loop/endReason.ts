import type { EpochRecord } from '../checkpoint/trainingProgress.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import { epochsWithoutImprovement } from '../selection/epochsWithoutImprovement.js';

/** Why the run is over after these epochs, or null when it goes on. Depends on the history alone, so a resumed run stops where it would have. */
export function endReason(
  history: readonly EpochRecord[],
  { epochs, earlyStopping, selection }: TrainOptions,
): 'finished' | 'early-stop' | null {
  if (history.length >= epochs) return 'finished';
  if (earlyStopping === undefined) return null;
  const { metric = selection, patience, minimumDelta } = earlyStopping;
  return epochsWithoutImprovement(history, { metric, minimumDelta }) >= patience
    ? 'early-stop'
    : null;
}
