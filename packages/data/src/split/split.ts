import type { Sample } from '@nonlocal-med/core';
import { z } from 'zod';
import { countFindings } from './findingChecks.js';

/** Every option of a split, for the validation of a configuration; {@link SplitOptions} is its input. */
export const splitOptionsSchema = z
  .strictObject({
    test: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.1)
      .describe(
        'Fraction of the images held out as test set (paper: 0.1); with folds, it is 1/folds instead.',
      ),
    validation: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.1)
      .describe('Fraction of the TRAINING images used as validation set; 0 for none.'),
    folds: z
      .int()
      .min(2)
      .max(1000)
      .optional()
      .describe(
        'Cross-validation: repeat r tests on fold r; after the last fold the images are divided into new folds.',
      ),
    seed: z.int().min(0).default(0).describe('Seed of the split.'),
    repeat: z.int().min(0).default(0).describe('Index of the repeat; each has a different split.'),
  })
  .describe('How the images are split; all images of a group (a patient) stay in the same split.');

/** Options of `splitByGroup`: the input of {@link splitOptionsSchema}. */
export type SplitOptions = z.input<typeof splitOptionsSchema>;

/** Three sets without a sample or a group in common, each in the order of the data set. */
export interface Split<S = Sample> {
  readonly train: readonly S[];
  /** Empty without a validation fraction. */
  readonly validation: readonly S[];
  readonly test: readonly S[];
}

/** Size of one set of a split. */
export interface SubsetSummary {
  readonly images: number;
  /** Number of groups; a sample without a group counts as one. */
  readonly groups: number;
  /** Images per class, [classes]; images with each finding, [findings]. */
  readonly classCounts: readonly number[];
  /** Images without each finding, [findings]; of the others it is not known. Absent for classes. */
  readonly absentCounts?: readonly number[];
}

/**
 * The sizes of a split's three sets, for a table or a run's record.
 * @param classCount number of classes, or of findings
 */
export function summarizeSplit(
  split: Split,
  classCount: number,
): Readonly<Record<keyof Split, SubsetSummary>> {
  const severalFindings = Object.values(split).some((samples: Split['train']) =>
    samples.some(({ findings }) => findings !== undefined),
  );
  const summarize = (samples: Split['train']): SubsetSummary => {
    const sizes = {
      images: samples.length,
      groups: new Set<unknown>(samples.map((sample) => sample.group ?? sample)).size,
    };
    if (severalFindings)
      return {
        ...sizes,
        classCounts: countFindings(samples, { label: 1, findings: classCount }),
        absentCounts: countFindings(samples, { label: 0, findings: classCount }),
      };
    const classCounts = new Array<number>(classCount).fill(0);
    for (const { label } of samples) classCounts[label]++;
    return { ...sizes, classCounts };
  };
  return {
    train: summarize(split.train),
    validation: summarize(split.validation),
    test: summarize(split.test),
  };
}
