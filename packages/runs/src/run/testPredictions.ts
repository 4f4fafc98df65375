import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import { readRegularFile } from '@nonlocal-med/core/node';
import { taskPredictionsFromCsv } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import { TEST_ATTRIBUTES_FILE, TEST_GROUPS_FILE, testPredictionsFile } from './runFiles.js';
import { openRunFolder } from './runFolder.js';
import { attributesFromCsv, withRecordedAttributes } from './testAttributes.js';
import { groupsFromCsv, withRecordedGroups } from './testGroups.js';

/**
 * The predictions of a tested run for its test set, with the groups (patients) and attributes of the images if the run
 * recorded them.
 * @param weights default: the best checkpoint, or the last epoch where the run has no validation set
 * @throws InputError when the run is not tested yet, or has no such weights.
 */
export async function readTestPredictions(
  folder: string,
  weights?: WeightsChoice,
): Promise<TaskPredictions> {
  const run = await openRunFolder(folder);
  const choices: readonly WeightsChoice[] =
    weights === undefined ? ['selected', 'last'] : [weights];
  for (const choice of choices) {
    const text = await readIfPresent(run.file(testPredictionsFile(choice)));
    if (text === undefined) continue;
    const groups = await readIfPresent(run.file(TEST_GROUPS_FILE));
    const attributes = await readIfPresent(run.file(TEST_ATTRIBUTES_FILE));
    return withRecordedAttributes(
      withRecordedGroups(
        taskPredictionsFromCsv(text),
        groups === undefined ? null : groupsFromCsv(groups, run.file(TEST_GROUPS_FILE)),
      ),
      attributes === undefined
        ? null
        : attributesFromCsv(attributes, run.file(TEST_ATTRIBUTES_FILE)),
    );
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

const readIfPresent = (file: string): Promise<string | undefined> =>
  readRegularFile(file, 'utf8').catch(() => undefined);
