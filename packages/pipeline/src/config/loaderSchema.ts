import { z } from 'zod';

/** How images are brought to the network. */
export const loaderSchema = z
  .strictObject({
    workers: z
      .int()
      .min(0)
      .max(64)
      .optional()
      .describe(
        'Threads that prepare batches; 0: the main thread; default: one core is left to the engine, at most 4.',
      ),
    prefetch: z.int().min(1).max(64).optional().describe('Batches made ahead at most.'),
    cacheFolder: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Folder for prepared images, kept between runs; without it they are kept in memory.',
      ),
    cacheMegabytes: z.number().min(0).optional().describe('Memory for prepared images, MiB.'),
  })
  .describe('How images are brought to the network. None of it changes a number.');
