import { IMAGENET_MEAN, IMAGENET_STD, type Preprocessing } from '@nonlocal-med/core';
import { z } from 'zod';

const pixels = z.int().min(32).max(4096);
const positive = z.number().positive();

/** What happens to an image between the file and the network (spec section 7). */
export const preprocessingSchema = z
  .strictObject({
    size: z
      .union([pixels, z.tuple([pixels, pixels])], {
        error: 'a whole number of pixels from 32 to 4096, or [height, width]',
      })
      .default(386)
      .transform((size): [number, number] => (typeof size === 'number' ? [size, size] : size))
      .describe('Input size; the aspect ratio is not kept (paper: 386).'),
    color: z
      .enum(['rgb', 'grey'])
      .default('rgb')
      .describe('Read images as colour, or as grey replicated to three channels.'),
    contrast: z
      .enum(['clahe', 'local-mean', 'none'])
      .default('clahe')
      .describe('Local contrast step.'),
    clipLimit: z
      .number()
      .min(0)
      .max(1000)
      .default(2)
      .describe("CLAHE's clip limit, in OpenCV's meaning."),
    tiles: z
      .tuple([z.int().min(1).max(64), z.int().min(1).max(64)])
      .default([8, 8])
      .describe("CLAHE's tiles across and down."),
    mean: z
      .tuple([z.number(), z.number(), z.number()])
      .default([...IMAGENET_MEAN])
      .describe('Subtracted from values in [0, 1].'),
    std: z
      .tuple([positive, positive, positive])
      .default([...IMAGENET_STD])
      .describe('Divides them.'),
  })
  .transform((value): Preprocessing => value)
  .describe('What happens to an image between the file and the network.');
