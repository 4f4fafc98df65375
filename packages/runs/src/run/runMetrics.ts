import { join } from 'node:path';
import { readRegularFile } from '@nonlocal-med/core/node';
import { type EvaluationReport, type FindingsReport, metricNames } from '@nonlocal-med/metrics';
import { z } from 'zod';
import { decisionReportSchema } from '../decision/decisionSchema.js';
import { count } from '../schemaParts.js';
import { runFiles } from './runFiles.js';

const estimate = z.looseObject({
  value: z.number().nullable(),
  undefinedBecause: z.string().optional(),
  interval: z.looseObject({ lower: z.number(), upper: z.number(), method: z.string() }).optional(),
  noIntervalBecause: z.string().optional(),
});

const evaluationReport = z
  .looseObject({
    samples: count,
    classes: z.array(z.string()).min(2),
    confidence: z.number(),
    metrics: z.looseObject(Object.fromEntries(metricNames.map((name) => [name, estimate]))),
    perClass: z.array(z.looseObject({ class: z.string(), support: z.int() })),
    confusionMatrix: z.array(z.array(z.int())),
    notes: z.array(z.string()),
  })
  .transform((checked) => checked as unknown as EvaluationReport);

const findingsReport = z
  .looseObject({
    samples: count,
    findings: z.array(z.string()).min(1),
    confidence: z.number(),
    perFinding: z.array(
      z.looseObject({
        finding: z.string(),
        positives: count,
        negatives: count,
        unknown: count,
        threshold: z.number(),
        auc: estimate,
      }),
    ),
    macro: z.looseObject({ auc: estimate }),
    micro: z.looseObject({ auc: estimate, averagePrecision: estimate }),
    notes: z.array(z.string()),
  })
  .transform((checked) => checked as unknown as FindingsReport);

const shared = z.looseObject({
  split: z.literal('test'),
  /** Number of images in each split. */
  images: z.object({ train: count, validation: count, test: count }),
  lastEpoch: count,
  /** Epoch of the best checkpoint; null without a validation set. */
  selectedEpoch: count.nullable(),
  /** Operating points and calibration, for either weights; absent without a validation set and in earlier versions. */
  decision: z
    .object({ last: decisionReportSchema.optional(), selected: decisionReportSchema.optional() })
    .optional(),
});

/** `metrics.json`: results on the test set. */
export const runMetricsSchema = z.discriminatedUnion('task', [
  shared.extend({
    /** Absent in files of earlier versions. */
    task: z.literal('multiclass').optional(),
    classes: z.array(z.string()).min(2).readonly(),
    /** Results with the weights of the last epoch. */
    last: evaluationReport,
    /** Results with the weights of the best checkpoint. */
    selected: evaluationReport.optional(),
  }),
  shared.extend({
    task: z.literal('multilabel'),
    /** The findings. */
    classes: z.array(z.string()).min(1).readonly(),
    last: findingsReport,
    selected: findingsReport.optional(),
  }),
]);

/** Results of a run on its test set: content of `metrics.json`. */
export type RunMetrics = Readonly<z.output<typeof runMetricsSchema>>;

/** The results in a run folder, exactly as they were written; null if the file is missing or damaged. */
export async function readRunMetrics(folder: string): Promise<RunMetrics | null> {
  try {
    const value: unknown = JSON.parse(
      await readRegularFile(join(folder, runFiles.metrics), 'utf8'),
    );
    return runMetricsSchema.safeParse(value).success ? (value as RunMetrics) : null;
  } catch {
    return null;
  }
}
