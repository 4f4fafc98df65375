import type { EvaluationReport, PredictionComparison } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { SummaryMetric } from '../summary/experimentSummary.js';

/** A run that is compared. */
export interface ComparedRun {
  /** As short as tells it from the others. */
  readonly name: string;
  readonly path: string;
  readonly report: EvaluationReport;
}

/** A run against the first one, on the same test images. */
export interface RunDifference {
  readonly run: string;
  /** The run (A) against the first (B). */
  readonly comparison: PredictionComparison;
  /** p-value of each metric, and Holm's for all runs that are compared with the first. */
  readonly pValues: Readonly<
    Record<SummaryMetric, { readonly pValue: number | null; readonly adjusted: number | null }>
  >;
}

/** Several runs on the same test images, each compared with the first; plain JSON. */
export interface RunsComparison {
  readonly weights: WeightsChoice;
  readonly runs: readonly ComparedRun[];
  readonly differences: readonly RunDifference[];
}
