import { z } from 'zod';

/** Every option of a split, for a program's configuration gate; {@link SplitOptions} is what it takes. */
export const splitOptionsSchema = z
  .strictObject({
    test: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.1)
      .describe(
        'Share of the images on the test side (paper: 0.1); with folds, 1/folds takes its place.',
      ),
    validation: z
      .number()
      .min(0)
      .max(0.9)
      .default(0.1)
      .describe('Share of the TRAINING side that is set apart for choosing a model; 0 for none.'),
    folds: z
      .int()
      .min(2)
      .max(1000)
      .optional()
      .describe(
        'Cross-validation: repeat r tests on fold r; after the last fold a new division begins.',
      ),
    seed: z.int().min(0).default(0).describe('Seed of the split.'),
    repeat: z.int().min(0).default(0).describe('Which repeat: each has a split of its own.'),
  })
  .describe('How the images are divided; all images of a group (a patient) stay on one side.');

export type SplitOptions = z.input<typeof splitOptionsSchema>;
