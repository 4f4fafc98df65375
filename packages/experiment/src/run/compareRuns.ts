import { readFile } from 'node:fs/promises';
import { InputError, type Predictions } from '@nonlocal-med/core';
import { comparePredictions, predictionsFromCsv, type PredictionComparison } from '@nonlocal-med/metrics';
import { openRunFolder, runFiles } from '@nonlocal-med/train';
import { join } from 'node:path';

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

async function readTestPredictions(folder: string): Promise<Predictions> {
  const { path } = await openRunFolder(folder);
  for (const name of ['test-selected.csv', 'test-last.csv']) {
    const file = join(path, runFiles.predictions, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return predictionsFromCsv(text);
  }
  throw new InputError({ where: folder, what: 'the run has no test predictions', allowed: 'a run that has been trained to its end' });
}
