import type { EvaluationReport, MetricEstimate } from '../evaluate/evaluationReport.js';
import type { MetricName } from '../evaluate/metricCatalog.js';
import type { FindingMetricName } from '../findings/findingsReport.js';
import type { MicroMetricName } from '../findings/findingStatistics.js';

/** Fewest samples, or patients, of a class in a group from which a difference of this group is tested. */
export const MINIMUM_OF_SUBGROUP = 10;

/** A metric in one group, against the same metric in the reference group. */
export interface SubgroupDifference {
  /** Group minus reference; null where the metric is not defined in one of them. */
  readonly difference: number | null;
  /** Interval of the difference. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Two-sided; null where there is no test. */
  readonly pValue: number | null;
  /** After Holm's correction for all groups of all attributes that are compared in this metric. */
  readonly adjusted: number | null;
  /** DeLong's test of independent groups for AUC where each sample is a patient of its own, else the bootstrap. */
  readonly test: 'DeLong unpaired' | 'bootstrap';
  /** Why something is null. */
  readonly undefinedBecause?: string;
}

/** A metric in one group. */
export interface SubgroupMetric extends MetricEstimate {
  /** `micro auc` and `micro averagePrecision` are over the labels of all findings together. */
  readonly metric: MetricName | FindingMetricName | `micro ${MicroMetricName}`;
  /** The class or finding that it is about; null for the metric over all of them. */
  readonly of: string | null;
  /** Against the reference group; absent in this group itself, and in those of missing values. */
  readonly difference?: SubgroupDifference;
}

/** How many samples of a class, or with a known label of a finding, a group has. */
export interface SubgroupSize {
  /** The class or finding. */
  readonly of: string;
  readonly positives: number;
  /** Samples of other classes, or without the finding. */
  readonly negatives: number;
  /** The same numbers in groups (patients); absent if samples have no groups. */
  readonly positiveGroups?: number;
  readonly negativeGroups?: number;
}

/** Samples that share a value of an attribute, and how good the predictions are on them. */
export interface Subgroup {
  /** `F`, `40 to <60`, `F, GE`; `not known`, `outside 0 to 120`. */
  readonly name: string;
  /** False where the value is missing or outside the limits. */
  readonly known: boolean;
  /** Samples with a known truth. */
  readonly samples: number;
  /** Patients (groups of samples); absent if samples have no groups. */
  readonly groups?: number;
  readonly sizes: readonly SubgroupSize[];
  readonly metrics: readonly SubgroupMetric[];
}

/** The groups of one rule. */
export interface SubgroupDivision {
  /** As it was requested: `sex`, `age:0-40-60-120`. */
  readonly by: string;
  readonly attributes: readonly string[];
  /** The largest group, which the others are compared with; null if there are fewer than two groups. */
  readonly reference: string | null;
  readonly groups: readonly Subgroup[];
}

/** Every metric by group, as plain JSON. */
export interface SubgroupsReport extends Pick<EvaluationReport, 'confidence' | 'bootstrap'> {
  readonly classes: readonly string[];
  /** The same metrics on all samples. */
  readonly overall: Omit<Subgroup, 'known'>;
  readonly divisions: readonly SubgroupDivision[];
  /** Groups that are compared with a reference, over all divisions: what p values are corrected for. */
  readonly comparisons: number;
}
