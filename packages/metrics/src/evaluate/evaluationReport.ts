import type { AucInterval } from '../delong/delongInterval.js';
import type { Calibration, CalibrationOptions } from '../probability/calibration.js';
import type { BootstrapOptions } from '../resampling/bootstrap.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** What an evaluation computes in addition to the metrics. */
export interface EvaluationOptions {
  /** Of all intervals; default 0.95. */
  readonly confidence?: number;
  /** Resample for an interval of every metric; by default only metrics with a formula (DeLong, Wilson) have one. */
  readonly bootstrap?: BootstrapOptions;
  /** Reliability diagram; default 15 bins of equal width. */
  readonly calibration?: CalibrationOptions;
}

/** How an interval was computed. */
export type IntervalMethod =
  'bootstrap-percentile' | 'bootstrap-bca' | 'delong-logit' | 'wilson' | 'clopper-pearson';

/** Range in which a metric may lie on other test samples of the same kind. */
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
  /** Why there is no interval although one was requested. */
  readonly noIntervalBecause?: string;
}

/** One class against the rest. */
export interface ClassReport extends Readonly<Record<ClassMetricName, MetricEstimate>> {
  readonly class: string;
  /** Samples of this class. */
  readonly support: number;
  /** Groups (patients) with a sample of this class; absent if samples have no groups. */
  readonly groups?: number;
  /** Samples predicted as this class. */
  readonly predicted: number;
}

/** Everything about a classifier's predictions on one set of samples, as plain JSON. */
export interface EvaluationReport {
  /** Samples whose true class is known; all numbers are about these. */
  readonly samples: number;
  /** Samples left out because their true class is not known. */
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
  /** [classes, classes] with row = truth, column = prediction. */
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly calibration: Calibration;
  /** Macro AUC with DeLong's interval extended to several classes (specification, 10.3). */
  readonly delong: AucInterval;
  /** What a reader of the numbers should know: classes that are absent or never predicted, samples left out. */
  readonly notes: readonly string[];
}
