import { type EvaluationReport, metricNames } from '@nonlocal-med/metrics';
import { z } from 'zod';

const estimate = z.looseObject({
  value: z.number().nullable(),
  undefinedBecause: z.string().optional(),
  interval: z.looseObject({ lower: z.number(), upper: z.number(), method: z.string() }).optional(),
  noIntervalBecause: z.string().optional(),
});

const report = z
  .looseObject({
    samples: z.int().min(0),
    classes: z.array(z.string()).min(2),
    confidence: z.number(),
    metrics: z.looseObject(Object.fromEntries(metricNames.map((name) => [name, estimate]))),
    perClass: z.array(z.looseObject({ class: z.string(), support: z.int() })),
    confusionMatrix: z.array(z.array(z.int())),
    notes: z.array(z.string()),
  })
  .transform((checked) => checked as unknown as EvaluationReport);

const count = z.int().min(0);

/** `metrics.json`: the test of the weights of the last epoch and, with a validation side, of the chosen epoch. */
export const runMetricsSchema = z.looseObject({
  split: z.literal('test'),
  classes: z.array(z.string()).min(2),
  images: z.object({ train: count, validation: count, test: count }),
  lastEpoch: count,
  selectedEpoch: count.nullable(),
  last: report,
  selected: report.optional(),
});

/** What a run says of its test. */
export type RunMetricsRecord = z.output<typeof runMetricsSchema>;
