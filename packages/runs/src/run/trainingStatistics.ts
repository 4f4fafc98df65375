import { join } from 'node:path';
import { throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { readCheckedFile } from '../readCheckedFile.js';
import { modelFiles } from './modelFiles.js';
import { type TrainingStatistics, trainingStatisticsSchema } from './trainingStatisticsSchema.js';

const FILE = modelFiles.statistics;

/**
 * The statistics of the images that a model was trained on.
 * @param folder of a run or of an exported model
 * @returns null if the folder has none: it is of an earlier version, or there were too few training images
 * @throws InputError when the file is damaged.
 */
export async function readTrainingStatistics(folder: string): Promise<TrainingStatistics | null> {
  const issues: Parameters<typeof throwIssues>[0][number][] = [];
  const format = { parse: JSON.parse, schema: trainingStatisticsSchema };
  const statistics = await readCheckedFile(join(folder, FILE), format, issues);
  throwIssues(issues);
  return statistics;
}

/** Writes `training-statistics.json` into the folder of a run or of an exported model, with six digits. */
export function writeTrainingStatistics(
  folder: string,
  statistics: TrainingStatistics,
): Promise<void> {
  const digits = (_: string, value: unknown): unknown =>
    typeof value === 'number' ? Number(value.toPrecision(6)) : value;
  return writeAtomic(join(folder, FILE), `${JSON.stringify(statistics, digits)}\n`);
}
