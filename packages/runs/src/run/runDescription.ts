import { z } from 'zod';
import type { Immutable } from '../schemaParts.js';

/** What readers need of `config.yaml`; the rest is kept unchecked. The full schema belongs to `pipeline`. */
export const runConfigSchema = z.looseObject({
  model: z.looseObject({ name: z.string() }),
  seed: z.int().optional(),
  data: z.looseObject({}).optional(),
  split: z.looseObject({}).optional(),
  preprocessing: z.looseObject({}).optional(),
  training: z
    .looseObject({
      epochs: z.number().optional(),
      batchSize: z.number().optional(),
      accumulateBatches: z.number().optional(),
    })
    .optional(),
});

/** The resolved options of a run, as far as readers check them. */
export type RunConfigRecord = Immutable<z.output<typeof runConfigSchema>>;

const subset = z.looseObject({
  images: z.int(),
  groups: z.int().optional(),
  classCounts: z.array(z.int()).optional(),
});

/** What readers need of `environment.json`; the rest is kept unchecked. */
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
      /** Whether the classes are grades with an order; earlier versions did not record it. */
      ordered: z.boolean().optional(),
      fingerprint: z.string(),
      images: z.int(),
      split: z.looseObject({ train: subset, validation: subset, test: subset }).optional(),
      notes: z.array(z.string()).optional(),
      /** Findings that make the results of the test unreliable, one or two sentences each; earlier versions did not record them. */
      cautions: z.array(z.string()).optional(),
    })
    .optional(),
});

/** Where a run was made, and from what data. */
export type RunEnvironmentRecord = Immutable<z.output<typeof runEnvironmentSchema>>;
