import { z } from 'zod';

const chance = (what: string): z.ZodDefault<z.ZodNumber> => z.number().min(0).max(1).default(0.5).describe(what);

/** Random changes of training images (paper section 4.1, spec 7.7); `false` switches them off. */
export const augmentationSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      horizontal: chance('Probability of a left-right flip.'),
      vertical: chance('Probability of an up-down flip.'),
      diagonal: chance('Probability of a diagonal flip.'),
      diagonalKind: z.enum(['transpose', 'rotate180']).default('transpose').describe('What a diagonal flip is; not square: 180 degrees.'),
      rotation: chance('Probability of a rotation.'),
      angles: z.tuple([z.number().min(0).max(360), z.number().min(0).max(360)]).default([30, 270]).describe('Range of the angle, degrees.'),
      angleStep: z.union([z.literal(0), z.number().positive().max(180)]).default(0).describe('Angles are multiples of this; 0: any.'),
    }),
  ])
  .prefault({})
  .describe('Random changes of training images; false for none.');
