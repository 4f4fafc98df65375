import type { Task } from '@nonlocal-med/core';
import type {
  ExperimentRunRecord,
  PublishedResult,
  RepeatKind,
  WeightsChoice,
} from '@nonlocal-med/runs';
import type { OutOfFoldSummary } from './outOfFoldSummary.js';
import type { SummaryMetric } from './summaryMetrics.js';
import type { SystemSummary } from './systemRows.js';

/**
 * An experiment's table with its statistics. Metrics are fractions (0.92 rather than 92), published results percent.
 * `renderSummary(summary, 'json')` writes it as JSON.
 */
export interface ExperimentSummary {
  readonly format: 1;
  readonly name: string;
  readonly caption: string;
  readonly data: string;
  /** Absent: `multiclass`. */
  readonly task?: Task;
  /** The classes, or the findings of the task `multilabel`. */
  readonly classes: readonly string[];
  /** Whether the classes are grades with an order; tables show quadratic kappa only then. */
  readonly ordered: boolean;
  readonly weights: WeightsChoice;
  readonly repeats: { readonly kind: RepeatKind; readonly count: number; readonly folds?: number };
  readonly confidence: number;
  /** Differences with an adjusted p value below this are significant. */
  readonly level: number;
  readonly resamples: number;
  /** Present if intervals and tests on test images resample whole patients (groups), as the runs recorded them. */
  readonly resampled?: 'patients';
  /** What a reader must know before believing the results, one sentence each. */
  readonly cautions: readonly string[];
  readonly rows: readonly RowSummary[];
  readonly planned: number;
  readonly finished: number;
  /** Runs that are not in the table, one sentence per row and reason, and repeats that could not be compared. */
  readonly missing: readonly string[];
  /** How means, intervals, tests and verdicts are computed, one sentence each. */
  readonly rules: readonly string[];
  /** Footnotes of the experiment's manifest. */
  readonly notes: readonly string[];
}

/** One row of an experiment's table. */
export interface RowSummary {
  readonly key: string;
  readonly title: string;
  readonly group: string | null;
  /** False for a row that only quotes published results. */
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
  /** Sensitivity and specificity at its operating points; absent in a row whose runs have none. */
  readonly operatingPoints?: readonly PointSummary[];
  /** Results over all images, each predicted once, of a row whose repeats are the folds of one cross-validation. */
  readonly outOfFold?: OutOfFoldSummary;
  /** Where the predictions come from, if not from trained runs. */
  readonly system?: SystemSummary;
}

/** An operating point of one row over its repeats. */
export interface PointSummary {
  /** The rule: `referable: specificity>=0.95`. */
  readonly point: string;
  /** One per repeat, as its run chose it on its validation set; null where there is none. */
  readonly thresholds: readonly (number | null)[];
  readonly sensitivity: MetricSummary;
  readonly specificity: MetricSummary;
}

/** A metric of one row over its repeats. */
export interface MetricSummary {
  /** One per repeat; null where there is no value. */
  readonly values: readonly (number | null)[];
  /** One per repeat: why there is no value; null where there is one. */
  readonly undefinedBecause: readonly (string | null)[];
  /** Number of repeats with a value; mean and standard deviation are over these. */
  readonly count: number;
  readonly mean: number | null;
  /** With n - 1 in the denominator; null with fewer than two values. */
  readonly standardDeviation: number | null;
  /**
   * Interval of the mean over other test images of the same kind, for the models as they were trained. A row with a
   * single finished run has that of the run's `metrics.json`.
   */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly noIntervalBecause?: string;
}

/** A row compared with its baseline. */
export interface RowComparison {
  /** Key of the baseline's row. */
  readonly baseline: string;
  /** Repeats, from 0, that both rows have finished on the same images. */
  readonly repeats: readonly number[];
  readonly metrics: Readonly<Record<SummaryMetric, MetricComparison>>;
}

/** One metric of a row compared with its baseline. Differences are the row minus the baseline. */
export interface MetricComparison {
  /** One per repeat; null where either row has no value. */
  readonly differences: readonly (number | null)[];
  readonly mean: number | null;
  readonly standardDeviation: number | null;
  /** Test over repeats: corrected resampled t for splits and folds, paired t for seeds on one split. */
  readonly overRepeats: DifferenceTest;
  /** Test on the common test images, both rows averaged over seeds; null unless all repeats share one split. */
  readonly onImages: DifferenceTest | null;
  /** Tests of the two runs of each repeat on their test images; for AUCs and top-1 accuracy only. */
  readonly perRepeat: readonly (DifferenceTest | null)[];
  readonly verdict: Verdict;
  /** The reason for the verdict. */
  readonly because: string;
}

/** Whether a difference is statistically significant; `undefined` if a test has no result. */
export type Verdict = 'significant' | 'not significant' | 'too few repeats' | 'undefined';

/** A test of one difference. */
export interface DifferenceTest {
  readonly test:
    | 'corrected resampled t'
    | 'paired t over seeds'
    | 'paired t over repeats'
    | 'DeLong'
    | 'McNemar mid-p'
    | 'paired bootstrap';
  /** t or z, if the test has one. */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number | null;
  /** Two-sided. */
  readonly pValue: number | null;
  /** Holm's adjusted p value over all comparisons of the table in this metric, or in the AUC of any finding. */
  readonly adjusted: number | null;
  /** Confidence interval of the difference. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Why a value is null. */
  readonly undefinedBecause?: string;
}
