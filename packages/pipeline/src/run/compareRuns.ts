import { comparePredictions, type PredictionComparison } from '@nonlocal-med/metrics';
import { readTestPredictions } from '@nonlocal-med/runs';

/**
 * Compares two tested runs on the test images they share the split of, from their predictions on disk. The difference is
 * the second run's metric minus the first's. Each run is taken with the weights of its chosen epoch, or the last where it
 * has no validation side.
 * @throws InputError when a run is not tested yet, or the two were tested on other images.
 */
export async function compareRuns(baseline: string, run: string): Promise<PredictionComparison> {
  const [first, second] = [await readTestPredictions(baseline), await readTestPredictions(run)];
  return comparePredictions(second, first);
}
