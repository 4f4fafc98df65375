import { join } from 'node:path';
import { throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { z } from 'zod';
import { readCheckedFile } from '../readCheckedFile.js';
import { count, type Immutable } from '../schemaParts.js';

const numbers = z.array(z.number());

const groupSchema = z
  .object({
    mean: numbers.describe('Mean of each statistic.'),
    std: numbers.describe('Its standard deviation, but at least what counts as a difference.'),
    low: numbers.describe('Its 1 % quantile.'),
    high: numbers.describe('Its 99 % quantile.'),
    covariance: z
      .array(numbers)
      .describe('Of the standardized statistics, shrunk as Ledoit and Wolf propose.'),
    limit: z
      .number()
      .positive()
      .describe('99 % quantile of the distance of training images that were left out of the fit.'),
  })
  .refine(
    ({ mean, std, low, high, covariance }) =>
      [std, low, high, covariance, ...covariance].every(({ length }) => length === mean.length),
    'all lists have the same length',
  );

const trainingStatisticsSchema = z.object({
  version: z.literal(1).describe('Version of this format.'),
  images: count.describe('Number of training images whose statistics were used.'),
  appearance: groupSchema.describe('Brightness, contrast, color, detail and border.'),
  layout: groupSchema.describe('Relative brightness of 4 x 4 parts of the image.'),
  limit: z
    .number()
    .positive()
    .describe('Largest ratio of a distance to its limit at which an image is not unusual.'),
  heldOut: z
    .object({ images: count, unlike: count })
    .nullable()
    .describe('Validation images, and how many of them exceed the limit; null without any.'),
});

/**
 * `training-statistics.json`, in the folder of a run and of an exported model: summary statistics of the training images,
 * from which an image that is unlike them is recognized. It contains nothing about single images.
 */
export type TrainingStatistics = Immutable<z.output<typeof trainingStatisticsSchema>>;

/** One of the two groups of statistics in {@link TrainingStatistics}. */
export type StatisticsGroup = TrainingStatistics['appearance'];

const FILE = 'training-statistics.json';

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
