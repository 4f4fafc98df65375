import { z } from 'zod';

/** What a report reads of `config.yaml`; the rest is kept as it stands. */
export const runConfigSchema = z.looseObject({
  model: z.looseObject({ name: z.string() }),
  seed: z.int().optional(),
  data: z.looseObject({}).optional(),
  split: z.looseObject({}).optional(),
  preprocessing: z.looseObject({}).optional(),
  training: z
    .looseObject({ epochs: z.number().optional(), batchSize: z.number().optional() })
    .optional(),
});

/** The resolved options of a run. */
export type RunConfigRecord = z.output<typeof runConfigSchema>;
