import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Predictions } from '@nonlocal-med/core';
import { predictionsFromCsv } from '@nonlocal-med/metrics';
import { openRunFolder } from './openRunFolder.js';
import { runFiles } from './runFiles.js';
import type { WeightsChoice } from './runMetrics.js';

/**
 * What a tested run said of its test images.
 * @param weights default: those of its chosen epoch, or the last where it has no validation side
 * @throws InputError when the run is not tested yet, or has no such weights.
 */
export async function readTestPredictions(
  folder: string,
  weights?: WeightsChoice,
): Promise<Predictions> {
  const { path } = await openRunFolder(folder);
  for (const choice of weights === undefined ? ['selected', 'last'] : [weights]) {
    const file = join(path, runFiles.predictions, `test-${choice}.csv`);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return predictionsFromCsv(text);
  }
  throw new InputError({
    path: folder,
    message: `the run has no test predictions${weights === undefined ? '' : ` of its ${weights} weights`}`,
    hint:
      weights === 'selected'
        ? 'a run with a validation side that has been trained to its end, or the last weights'
        : 'a run that has been trained to its end',
  });
}
