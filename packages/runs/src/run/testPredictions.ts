import { readFile } from 'node:fs/promises';
import { InputError, type Predictions } from '@nonlocal-med/core';
import { predictionsFromCsv } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import { testPredictionsFile } from './runFiles.js';
import { openRunFolder } from './runFolder.js';

/**
 * The predictions of a tested run for its test set.
 * @param weights default: the best checkpoint, or the last epoch where the run has no validation set
 * @throws InputError when the run is not tested yet, or has no such weights.
 */
export async function readTestPredictions(
  folder: string,
  weights?: WeightsChoice,
): Promise<Predictions> {
  const run = await openRunFolder(folder);
  const choices: readonly WeightsChoice[] =
    weights === undefined ? ['selected', 'last'] : [weights];
  for (const choice of choices) {
    const text = await readFile(run.file(testPredictionsFile(choice)), 'utf8').catch(
      () => undefined,
    );
    if (text !== undefined) return predictionsFromCsv(text);
  }
  throw new InputError({
    path: folder,
    message: `the run has no test predictions${weights === undefined ? '' : ` with its ${weights} weights`}`,
    hint:
      weights === 'selected'
        ? 'a run that was trained to its end with a validation set, or --weights last'
        : 'a run that was trained to its end',
  });
}
