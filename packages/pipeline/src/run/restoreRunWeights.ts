import { runFiles, type RunFolder, type WeightsChoice } from '@nonlocal-med/runs';
import { loadCheckpoint, restoreKernelChoices, restoreWeights } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * Gives a model the weights of a run's last epoch, or of the epoch chosen on its validation side, and the engine the
 * kernels that the run was computed with.
 * @returns the epoch they are of; null where the run has no such weights.
 */
export async function restoreRunWeights(
  run: RunFolder,
  model: LayersModel,
  choice: WeightsChoice,
): Promise<{ epoch: number } | null> {
  const loaded = await loadCheckpoint(run.file(choice === 'last' ? runFiles.last : runFiles.best));
  if (loaded === null) return null;
  const { weights, kernelChoices, progress } = loaded.checkpoint;
  restoreWeights(model, weights);
  restoreKernelChoices(kernelChoices);
  return { epoch: progress.epoch };
}
