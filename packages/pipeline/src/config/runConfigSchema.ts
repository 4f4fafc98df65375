import { dataOptionsSchema, splitOptionsSchema } from '@nonlocal-med/data';
import { trainOptionsSchema } from '@nonlocal-med/train';
import { z } from 'zod';
import { augmentationSchema } from './augmentationSchema.js';
import { engineSchema } from './engineSchema.js';
import { loaderSchema } from './loaderSchema.js';
import { modelSchema } from './modelSchema.js';
import { preprocessingSchema } from './preprocessingSchema.js';
import { syntheticSchema } from './syntheticSchema.js';

const seed = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const training = trainOptionsSchema.omit({ seed: true }).extend({
  batchSize: z.int().min(1).max(4096).default(4).describe('Images a step (paper: 4).'),
  balancedLoss: z
    .boolean()
    .default(false)
    .describe('Weigh classes in the loss by the inverse of their share in the training side.'),
});

const shape = {
  split: splitOptionsSchema
    .extend({
      seed: seed
        .optional()
        .describe(
          'Seed of the split; default: the seed of the run. Fixed, it lets several seeds train on one split.',
        ),
    })
    .prefault({}),
  preprocessing: preprocessingSchema.prefault({}),
  augmentation: augmentationSchema,
  model: modelSchema.prefault({}),
  training: training.prefault({}),
  loader: loaderSchema.prefault({}),
  engine: engineSchema.prefault({}),
  seed: seed
    .default(0)
    .describe(
      'Selects split, order, augmentation and initial weights, each through a stream of its own.',
    ),
};

/** A run on images from disk. */
export const diskRunSchema = z.strictObject({ data: dataOptionsSchema, ...shape });

/** A run on the embedded set. */
export const syntheticRunSchema = z.strictObject({ data: syntheticSchema, ...shape });

/** Everything that decides what a run computes, resolved. */
export type RunConfig = z.output<typeof diskRunSchema> | z.output<typeof syntheticRunSchema>;
