import { IMAGENET_MEAN, IMAGENET_STD, type Preprocessing } from '@nonlocal-med/core';
import type { AugmentationOptions } from '@nonlocal-med/data';
import { z } from 'zod';

const pixels = z.int().min(32).max(4096);
const positive = z.number().positive();

/** What happens to an image between the file and the network (docs/specification.md, section 7). */
export const preprocessingSchema = z
  .strictObject({
    size: z
      .union([pixels, z.tuple([pixels, pixels])], {
        error: 'an integer from 32 to 4096 (pixels), or [height, width]',
      })
      .default(386)
      .transform((size): [number, number] => (typeof size === 'number' ? [size, size] : size))
      .describe('Input size in pixels; the aspect ratio is not preserved (paper: 386).'),
    color: z
      .enum(['rgb', 'grey'])
      .default('rgb')
      .describe('Read images as color, or as grayscale replicated to three channels.'),
    values: z
      .union([
        z.literal('8-bit'),
        z.tuple([z.number(), z.number()]).refine(([black, white]) => black < white, {
          error: 'must be [black, white] with the smaller value first',
        }),
      ])
      .optional()
      .describe(
        'Scale of the values in the image files: 8-bit, or the values that become black and white. Filled in from the data set (data.bits, data.valueRange) when a run starts, and kept with the model.',
      ),
    contrast: z
      .enum(['clahe', 'local-mean', 'none'])
      .default('clahe')
      .describe('Local contrast enhancement.'),
    clipLimit: z
      .number()
      .min(0)
      .max(1000)
      .default(2)
      .describe('Clip limit of CLAHE, as defined by OpenCV.'),
    tiles: z
      .tuple([z.int().min(1).max(64), z.int().min(1).max(64)])
      .default([8, 8])
      .describe('Number of CLAHE tiles: [columns, rows].'),
    mean: z
      .tuple([z.number(), z.number(), z.number()])
      .default([...IMAGENET_MEAN])
      .describe('Mean per channel, subtracted from values in [0, 1].'),
    std: z
      .tuple([positive, positive, positive])
      .default([...IMAGENET_STD])
      .describe('Standard deviation per channel, divides the result.'),
  })
  .transform((value): Preprocessing => value)
  .describe('What happens to an image between the file and the network.');

const probability = (meaning: string): z.ZodDefault<z.ZodNumber> =>
  z.number().min(0).max(1).default(0.5).describe(meaning);

/** Random augmentation of training images (paper, section 4.1; docs/specification.md, 7.7). */
export const augmentationSchema = z
  .union([
    z.literal(false),
    z.strictObject({
      horizontalFlip: probability('Probability of flipping left and right.'),
      verticalFlip: probability('Probability of flipping top and bottom.'),
      diagonalFlip: probability('Probability of the diagonal flip.'),
      diagonal: z
        .enum(['transpose', 'half-turn'])
        .default('transpose')
        .describe('Meaning of the diagonal flip.'),
      rotation: probability('Probability of a rotation.'),
      angles: z
        .tuple([z.number().min(-360).max(360), z.number().min(-360).max(360)])
        .default([30, 270])
        .refine(([low, high]) => low <= high, 'the smaller angle first')
        .describe('Smallest and largest rotation angle in degrees.'),
      angleStep: z
        .number()
        .min(0)
        .max(180)
        .default(0)
        .describe('Rotate only by multiples of this angle in degrees; 0 allows any angle.'),
    }),
  ])
  .prefault({})
  .transform((value): false | AugmentationOptions => value)
  .describe('Random augmentation of training images; false disables it.');

/** The built-in synthetic images (tiny-lesions) instead of a data set on disk. */
export const syntheticSchema = z
  .strictObject({
    kind: z.literal('tiny-lesions'),
    images: z.int().min(40).max(100_000).default(1000).describe('Number of images.'),
    size: z
      .int()
      .min(64)
      .max(1024)
      .default(96)
      .describe('Height and width at which images are generated, in pixels.'),
    classes: z
      .union([z.literal(4), z.literal(2)])
      .default(4)
      .describe('Number of classes. 4: grades by the number of lesions; 2: lesions or none.'),
    seed: z.int().min(0).default(0).describe('Seed of the images.'),
  })
  .describe('The built-in synthetic images (tiny-lesions).');
