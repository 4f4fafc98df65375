import type { AugmentationOptions } from '@nonlocal-med/data';
import { augmentationPresetNames, augmentationPresets } from '@nonlocal-med/data/options';
import { z } from 'zod';
import { mergeOptions } from './mergeOptions.js';

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
