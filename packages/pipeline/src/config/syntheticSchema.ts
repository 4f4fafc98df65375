import { z } from 'zod';

/** The embedded tiny-lesions set in place of a data set on disk. */
export const syntheticSchema = z
  .strictObject({
    kind: z.literal('tiny-lesions'),
    images: z.int().min(40).max(100_000).default(1000).describe('Images in all.'),
    size: z
      .int()
      .min(64)
      .max(1024)
      .default(96)
      .describe('Height and width the images are drawn at.'),
    classes: z
      .union([z.literal(4), z.literal(2)])
      .default(4)
      .describe('Four grades by the number of dots, or none against some.'),
    seed: z.int().min(0).default(0).describe('Seed of the images.'),
  })
  .describe('The embedded tiny-lesions set.');
