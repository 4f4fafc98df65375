import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Predictions } from '@nonlocal-med/core';
import { predictionsFromCsv } from '@nonlocal-med/metrics';
import { openRunFolder, runFiles } from '@nonlocal-med/train';

/**
 * What a tested run said of its test images, with the weights of its chosen epoch, or the last where it has no validation
 * side.
 * @throws InputError when the run is not tested yet.
 */
export async function readTestPredictions(folder: string): Promise<Predictions> {
  const { path } = await openRunFolder(folder);
  for (const name of ['test-selected.csv', 'test-last.csv']) {
    const file = join(path, runFiles.predictions, name);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return predictionsFromCsv(text);
  }
  throw new InputError({ where: folder, what: 'the run has no test predictions', allowed: 'a run that has been trained to its end' });
}
