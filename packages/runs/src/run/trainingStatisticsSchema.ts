import { z } from 'zod';
import { parseChecked } from '../checkedText.js';
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

export const trainingStatisticsSchema = z.object({
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

/**
 * The content of a `training-statistics.json`.
 * @param path names the file in errors
 * @throws InputError with every issue
 */
export const parseTrainingStatistics = (text: string, path: string): TrainingStatistics =>
  parseChecked(text, { schema: trainingStatisticsSchema, path });
