import type { MetricName } from '@nonlocal-med/metrics';
import type {
  ExperimentRunRecord,
  PublishedResult,
  RepeatKind,
  WeightsChoice,
} from '@nonlocal-med/runs';

/** A metric of one row over its repeats, as shares (0.92, not 92). */
export interface MetricSummary {
  /** By repeat; null where there is no value. */
  readonly values: readonly (number | null)[];
  /** By repeat: why there is no value; null where there is one. */
  readonly undefinedBecause: readonly (string | null)[];
  /** Repeats with a value; mean and deviation are over these. */
  readonly count: number;
  readonly mean: number | null;
  /** With count - 1 (ddof 1); null with fewer than two values. */
  readonly deviation: number | null;
  /** Of the mean, by resampling test images: with other images of the same kind and the same trained models. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly noIntervalBecause?: string;
}

/** A test of one difference. `adjusted` is Holm's over all comparisons of the table in this metric. */
export interface DifferenceTest {
  readonly test:
    | 'corrected resampled t'
    | 'paired t over seeds'
    | 'DeLong'
    | 'McNemar mid-p'
    | 'paired bootstrap';
  /** t or z, where the test has one. */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number | null;
  /** Two-sided. */
  readonly pValue: number | null;
  readonly adjusted: number | null;
  /** Interval of the difference. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/** Whether a difference is more than noise; `undefined` where no test can say. */
export type Verdict = 'more than noise' | 'no more than noise' | 'too few repeats' | 'undefined';

/** One metric of a row against its baseline; differences are the row minus the baseline. */
export interface MetricComparison {
  /** By repeat; null where one of the two has no value. */
  readonly differences: readonly (number | null)[];
  readonly mean: number | null;
  readonly deviation: number | null;
  /** Over repeats: corrected resampled t over splits or folds, paired t over seeds of one split. */
  readonly overRepeats: DifferenceTest;
  /** On the same test images, both sides averaged over repeats; null unless all repeats share one split. */
  readonly onImages: DifferenceTest | null;
  /** By repeat, the two runs on the same test images; AUC and top-1 accuracy only. */
  readonly perRepeat: readonly (DifferenceTest | null)[];
  readonly verdict: Verdict;
  /** Why the verdict is what it is, in one sentence. */
  readonly because: string;
}

/** A row against its baseline. */
export interface RowComparison {
  /** Key of the row that it is compared with. */
  readonly baseline: string;
  /** Repeats in which both are finished. */
  readonly repeats: readonly number[];
  readonly metrics: Readonly<Record<SummaryMetric, MetricComparison>>;
}

/** Metrics of a summary. */
export type SummaryMetric = Extract<
  MetricName,
  | 'auc'
  | 'sensitivity'
  | 'accuracyOneVsRest'
  | 'accuracy'
  | 'specificity'
  | 'precision'
  | 'f1'
  | 'quadraticKappa'
>;

/** One row of a table. */
export interface RowSummary {
  readonly key: string;
  readonly title: string;
  readonly group: string | null;
  readonly reproduced: boolean;
  /** Percent, as printed. */
  readonly published: PublishedResult | null;
  readonly note: string | null;
  readonly planned: number;
  readonly finished: number;
  readonly runs: readonly Omit<ExperimentRunRecord, 'run'>[];
  readonly metrics: Readonly<Record<SummaryMetric, MetricSummary>>;
  /** Null for a row that has no baseline or no runs. */
  readonly comparison: RowComparison | null;
}

/** An experiment's table with its statistics, as plain JSON. */
export interface ExperimentSummary {
  readonly format: 1;
  readonly name: string;
  readonly caption: string;
  readonly data: string;
  readonly classes: readonly string[];
  readonly weights: WeightsChoice;
  readonly repeats: { readonly kind: RepeatKind; readonly count: number; readonly folds?: number };
  readonly confidence: number;
  /** Adjusted p-values below this are more than noise. */
  readonly level: number;
  readonly resamples: number;
  readonly rows: readonly RowSummary[];
  readonly planned: number;
  readonly finished: number;
  /** Which runs are not in the table and why, one sentence a row and reason; and pairs that could not be compared. */
  readonly missing: readonly string[];
  /** How mean, interval, tests and verdicts are made. */
  readonly rules: readonly string[];
  /** Footnotes of the manifest. */
  readonly notes: readonly string[];
}
