import { viewsChoices } from '@nonlocal-med/core';
import { z } from 'zod';

/** Options of the test of a trained run; see docs/ensembles.md. */
export const testSchema = z
  .strictObject({
    tta: z
      .enum(viewsChoices)
      .optional()
      .describe(
        'Test-time augmentation: also test with the mean of the probabilities over views of each image, its mirror images (flips, 4 views) or all symmetries of the square (d4, 8 views). The test then takes 5 or 9 times as long; tables have a further row, and the metrics of the run stay those of the images themselves.',
      ),
  })
  .describe('How the trained model is tested.');
