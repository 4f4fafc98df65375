import { join } from 'node:path';
import type { TaskPredictions } from '@nonlocal-med/core';
import { readRegularFile, writeAtomic } from '@nonlocal-med/core/node';
import { predictionsToCsv, taskPredictionsFromCsv } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import { runFiles } from './runFiles.js';
import { groupsFromCsv, groupsToCsv, withRecordedGroups } from './testGroups.js';

const fileOf = (weights: WeightsChoice): string =>
  `${runFiles.predictions}/validation-${weights}.csv`;
const GROUPS_FILE = `${runFiles.predictions}/validation-groups.csv`;

/**
 * Writes the predictions of a run for its validation set, in the form of those for the test set, and the groups of the
 * images, if they have any, as a second file.
 */
export async function writeValidationPredictions(
  folder: string,
  weights: WeightsChoice,
  predictions: TaskPredictions,
): Promise<void> {
  await writeAtomic(join(folder, fileOf(weights)), predictionsToCsv(predictions));
  const groups = groupsToCsv(predictions);
  if (groups !== null) await writeAtomic(join(folder, GROUPS_FILE), groups);
}

/**
 * The predictions of a run for its validation set, with the groups (patients) of the images if the run recorded them.
 * @returns null if there are none: the run has no validation set, is not tested, or is of an earlier version
 * @throws InputError when a file is damaged.
 */
export async function readValidationPredictions(
  folder: string,
  weights: WeightsChoice,
): Promise<TaskPredictions | null> {
  const [file, groupsFile] = [join(folder, fileOf(weights)), join(folder, GROUPS_FILE)];
  const text = await readIfPresent(file);
  if (text === null) return null;
  const groups = await readIfPresent(groupsFile);
  return withRecordedGroups(
    taskPredictionsFromCsv(text, { path: file }),
    groups === null ? null : groupsFromCsv(groups, groupsFile),
  );
}

const readIfPresent = (file: string): Promise<string | null> =>
  readRegularFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
