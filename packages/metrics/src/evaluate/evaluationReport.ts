import type { AucInterval } from '../delong/delongInterval.js';
import type { Calibration } from '../probability/calibration.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** How an interval was made. */
export type IntervalMethod = 'bootstrap-percentile' | 'bootstrap-bca' | 'delong-logit' | 'wilson';

/** Where a metric may lie with other test samples of the same kind. */
export interface MetricInterval {
  readonly lower: number;
  readonly upper: number;
  readonly method: IntervalMethod;
}

/** A metric with its interval, or why there is none. */
export interface MetricEstimate {
  readonly value: number | null;
  /** Why `value` is null. */
  readonly undefinedBecause?: string;
  readonly interval?: MetricInterval;
  /** Why there is no interval although one was to be made. */
  readonly noIntervalBecause?: string;
}

/** One class against the rest. */
export interface ClassReport extends Readonly<Record<ClassMetricName, MetricEstimate>> {
  readonly class: string;
  /** Samples whose truth it is. */
  readonly support: number;
  /** Samples it was predicted for. */
  readonly predicted: number;
}

/** Everything about a classifier's predictions on one set of samples, as plain JSON. */
export interface EvaluationReport {
  /** Samples whose truth is known; all numbers are about these. */
  readonly samples: number;
  /** Samples left out because their truth is not known. */
  readonly unlabelled: number;
  readonly classes: readonly string[];
  readonly confidence: number;
  readonly bootstrap: {
    readonly resamples: number;
    readonly seed: number;
    readonly method: 'percentile' | 'bca';
    readonly grouped: boolean;
  } | null;
  readonly metrics: Readonly<Record<MetricName, MetricEstimate>>;
  readonly perClass: readonly ClassReport[];
  /** [classes, classes]: row = truth, column = prediction. */
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly calibration: Calibration;
  /** Macro AUC with DeLong's interval extended to several classes (spec 10.3). */
  readonly delong: AucInterval;
  /** What a reader of the numbers should know: classes that are absent or never predicted, samples left out. */
  readonly notes: readonly string[];
}
