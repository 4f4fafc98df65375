import { compareTask, type TaskComparison } from '@nonlocal-med/metrics';
import { readTestPredictions } from '@nonlocal-med/runs';

/**
 * Compares two runs on the same test images with paired tests, from the predictions in their folders. Each run is taken
 * with its best checkpoint, or with its last one if it has no validation set.
 * @param baseline folder of the first run
 * @param run folder of the second run; differences are its metrics minus those of the baseline
 * @throws InputError if a run has not been tested yet, or the runs were tested on different images.
 */
export async function compareRuns(baseline: string, run: string): Promise<TaskComparison> {
  const [first, second] = [await readTestPredictions(baseline), await readTestPredictions(run)];
  return compareTask(second, first);
}
