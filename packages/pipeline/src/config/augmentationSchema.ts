import type { AugmentationOptions } from '@nonlocal-med/data';
import { z } from 'zod';

const chance = (what: string): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(1).default(0.5).describe(what);

/** Random changes of training images (paper section 4.1, spec 7.7); `false` switches them off. */
export const augmentationSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      horizontalFlip: chance('Probability of mirroring left and right.'),
      verticalFlip: chance('Probability of mirroring top and bottom.'),
      diagonalFlip: chance('Probability of the diagonal flip.'),
      diagonal: z
        .enum(['transpose', 'half-turn'])
        .default('transpose')
        .describe('What the diagonal flip is.'),
      rotation: chance('Probability of a rotation.'),
      angles: z
        .tuple([z.number().min(-360).max(360), z.number().min(-360).max(360)])
        .default([30, 270])
        .refine(([low, high]) => low <= high, 'the smaller angle first')
        .describe('Smallest and largest angle, degrees.'),
      angleStep: z
        .number()
        .min(0)
        .max(180)
        .default(0)
        .describe('Only multiples of so many degrees; 0: any angle.'),
    }),
  ])
  .prefault({})
  .transform((value): false | AugmentationOptions => value)
  .describe('Random changes of training images; false for none.');
