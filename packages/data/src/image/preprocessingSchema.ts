import { IMAGENET_MEAN, IMAGENET_STD, type Preprocessing } from '@nonlocal-med/core';
import { z } from 'zod';

const pixels = z.int().min(32).max(4096);
const positive = z.number().positive();

/**
 * What happens to an image between the file and the network (docs/specification.md, section 7), as options give it and as an
 * exported model records it. Unknown keys and values are refused.
 */
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
