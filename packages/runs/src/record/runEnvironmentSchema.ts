import { z } from 'zod';

const side = z.looseObject({
  images: z.int(),
  groups: z.int().optional(),
  classCounts: z.array(z.int()).optional(),
});

/** What a report reads of `environment.json`; the rest is kept as it stands. */
export const runEnvironmentSchema = z.looseObject({
  created: z.string().optional(),
  versions: z.record(z.string(), z.string()).optional(),
  commit: z.unknown().optional(),
  engine: z.looseObject({ engine: z.string(), device: z.string().optional() }).optional(),
  machine: z.looseObject({}).optional(),
  seed: z.int().optional(),
  data: z
    .looseObject({
      name: z.string(),
      classes: z.array(z.string()),
      fingerprint: z.string(),
      images: z.int(),
      split: z.looseObject({ train: side, validation: side, test: side }).optional(),
      notes: z.array(z.string()).optional(),
    })
    .optional(),
});

/** Where and on what a run was made. */
export type RunEnvironmentRecord = z.output<typeof runEnvironmentSchema>;
