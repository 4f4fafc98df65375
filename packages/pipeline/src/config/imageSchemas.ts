import { IMAGENET_MEAN, IMAGENET_STD, type Preprocessing } from '@nonlocal-med/core';
import type { AugmentationOptions } from '@nonlocal-med/data';
import { augmentationPresetNames, augmentationPresets } from '@nonlocal-med/data/options';
import { z } from 'zod';
import { mergeOptions } from './mergeOptions.js';

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
      .describe('Input size in pixels (paper: 386).'),
    fit: z
      .enum(['stretch', 'letterbox', 'center-crop', 'fundus-crop'])
      .default('stretch')
      .describe(
        'How images of another shape get that size: stretched (the paper), whole between black bars, their center, or the disk of a fundus photograph.',
      ),
    color: z
      .enum(['rgb', 'gray', 'grey'])
      .default('rgb')
      // Run folders and models record the British spelling.
      .transform((color) => (color === 'gray' ? 'grey' : color))
      .describe('Read images as color, or as grayscale replicated to three channels.'),
    values: z
      .union([
        z.literal('8-bit'),
        z.strictObject({
          window: z
            .union([z.int().min(1), z.enum(['file', 'percentile'])])
            .describe('Window of each DICOM file, as data.window.'),
        }),
        z.tuple([z.number(), z.number()]).refine(([black, white]) => black < white, {
          error: 'must be [black, white] with the smaller value first',
        }),
      ])
      .optional()
      .describe(
        'Scale of the values in the image files: 8-bit, the values that become black and white, or the window of each DICOM file. Filled in from the data set (data.bits, data.valueRange, data.window) when a run starts, and kept with the model.',
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

const probability = (meaning: string): z.ZodOptional<z.ZodNumber> =>
  z.number().min(0).max(1).optional().describe(`Probability of ${meaning}.`);

const strength = (limit: number, meaning: string): z.ZodOptional<z.ZodNumber> =>
  z.number().min(0).max(limit).optional().describe(meaning);

const range = (least: number, most: number): z.ZodTuple<[z.ZodNumber, z.ZodNumber], null> =>
  z.tuple([z.number().min(least).max(most), z.number().min(least).max(most)]);

const isAscending = ([low, high]: readonly [number, number]): boolean => low <= high;

const augmentationOptionsSchema = z
  .strictObject({
    preset: z
      .enum(augmentationPresetNames)
      .default('fundus')
      .describe("Where options that are not given come from; fundus is the paper's augmentation."),
    horizontalFlip: probability('flipping left and right'),
    verticalFlip: probability('flipping top and bottom'),
    diagonalFlip: probability('the diagonal flip'),
    diagonal: z
      .enum(['transpose', 'half-turn'])
      .optional()
      .describe('Meaning of the diagonal flip.'),
    rotation: probability('a rotation'),
    angles: range(-360, 360)
      .refine(isAscending, 'the smaller angle first')
      .optional()
      .describe('Smallest and largest rotation angle in degrees.'),
    angleStep: strength(
      180,
      'Rotate only by multiples of this angle in degrees; 0 allows any angle.',
    ),
    crop: range(0.01, 1)
      .refine(isAscending, 'the smaller fraction first')
      .optional()
      .describe(
        'Smallest and largest fraction of the area that a random crop keeps; [1, 1]: none.',
      ),
    shift: strength(0.5, 'Largest shift to each side, as a fraction of width and height.'),
    brightness: strength(1, 'Factor of the levels: 0.2 for 0.8 to 1.2.'),
    contrast: strength(1, 'Factor of distances from the mean level: 0.2 for 0.8 to 1.2.'),
    gamma: strength(4, 'Power of the levels: 0.2 for 1 / 1.2 to 1.2.'),
  })
  .transform(({ preset, ...given }): AugmentationOptions =>
    mergeOptions({ ...augmentationPresets[preset] }, given),
  );

/**
 * Random augmentation of training images (docs/specification.md, 7.7): a preset, options that start from one, false for
 * none, or `auto`, which is replaced by the preset that suits the data set before a run starts.
 */
export const augmentationSchema = z
  .union(
    [
      z.literal(false),
      z.literal('auto'),
      z
        .enum(augmentationPresetNames)
        .transform((name) => (name === 'none' ? false : augmentationPresets[name])),
      augmentationOptionsSchema,
    ],
    { error: 'fundus, xray, light, none, false, or an object of options' },
  )
  .default('auto')
  .transform((value): 'auto' | false | AugmentationOptions => value)
  .describe(
    'Random augmentation of training images: fundus, xray, light, none, or options; default: the preset that suits the data set.',
  );

/** The built-in synthetic images (tiny-lesions) instead of a data set on disk. */
export const syntheticSchema = z
  .strictObject({
    kind: z.literal('tiny-lesions').describe('Selects the built-in synthetic images.'),
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
