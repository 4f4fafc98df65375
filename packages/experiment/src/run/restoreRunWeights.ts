import { loadCheckpoint, restoreWeights, runFiles, type RunFolder } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { WeightsChoice } from './runMetrics.js';

/**
 * Gives a model the weights of a run's last epoch, or of the epoch chosen on its validation side.
 * @returns the epoch they are of; null where the run has no such weights.
 */
export async function restoreRunWeights(run: RunFolder, model: LayersModel, choice: WeightsChoice): Promise<{ epoch: number } | null> {
  const loaded = await loadCheckpoint(run.file(choice === 'last' ? runFiles.last : runFiles.best));
  if (loaded === null) return null;
  restoreWeights(model, loaded.checkpoint.weights);
  return { epoch: loaded.checkpoint.progress.epoch };
}
