import { count as countOf } from '@nonlocal-med/core';
import type { AucInterval } from '../delong/delongInterval.js';
import type { EvaluationReport, MetricEstimate } from '../evaluate/evaluationReport.js';
import type { ClassMetricName } from '../evaluate/metricCatalog.js';
import type { Calibration } from '../probability/calibration.js';

/** Metrics of one finding; `calibrationError` compares its probability with the share of positives (15 equal widths). */
export type FindingMetricName = ClassMetricName | 'brierScore' | 'calibrationError';

/** How many labels of a finding are known, and what they are. */
export interface FindingCounts {
  readonly positives: number;
  readonly negatives: number;
  /** Labels that are not known; nothing is measured on them. */
  readonly unknown: number;
  /** Known labels whose probability reaches the threshold. */
  readonly predicted: number;
}

/** Everything about the predictions of one finding. */
export interface FindingReport
  extends FindingCounts, Readonly<Record<FindingMetricName, MetricEstimate>> {
  readonly finding: string;
  /** Groups (patients) with a positive label; absent if samples have no groups. */
  readonly groups?: number;
  /** Probability from which the finding is called present, for sensitivity, specificity, precision and F1. */
  readonly threshold: number;
  readonly delong: AucInterval;
  /** Reliability of the probability: `confidence` is its mean in a bin, `accuracy` the share of positives there. */
  readonly calibration: Calibration;
}

/** Everything about predictions of several findings per image, as plain JSON. */
export interface FindingsReport extends Pick<EvaluationReport, 'confidence' | 'bootstrap'> {
  readonly samples: number;
  readonly findings: readonly string[];
  readonly perFinding: readonly FindingReport[];
  /** Means over the findings for which a metric is defined. */
  readonly macro: Readonly<Record<FindingMetricName, MetricEstimate>>;
  /** Over all known labels of all findings together: a common finding counts more, and scales must be comparable. */
  readonly micro: Readonly<Record<'auc' | 'averagePrecision', MetricEstimate>>;
  /** What a reader of the numbers should know: labels that are not known, findings that means leave out. */
  readonly notes: readonly string[];
}

/** Why a metric is null on these labels; `subject` is the quoted name of a finding, or `any finding`. */
export function undefinedFindingReason(
  metric: FindingMetricName,
  { positives, negatives }: Pick<FindingCounts, 'positives' | 'negatives'>,
  subject: string,
): string {
  if (positives + negatives === 0) return `no label of ${subject} is known`;
  if (metric === 'precision') return `${subject} is never predicted`;
  if (metric === 'f1') return `${subject} is neither present nor predicted`;
  return negatives === 0
    ? `every known label of ${subject} is positive`
    : `no known label of ${subject} is positive`;
}

/** Sentences on what a reader of the metrics should know about the labels. */
export function describeFindings(
  reports: readonly (FindingCounts & { readonly finding: string })[],
): string[] {
  const named = (includes: (counts: FindingCounts) => boolean): string =>
    reports
      .filter(includes)
      .map(({ finding }) => `"${finding}"`)
      .join(', ');
  const unknown = reports.reduce((sum, report) => sum + report.unknown, 0);
  const known = ({ positives, negatives }: FindingCounts): number => positives + negatives;
  const sentences: [names: string, sentence: (names: string) => string][] = [
    [
      unknown > 0 ? countOf(unknown, 'label') : '',
      (labels) => `Left out: ${labels} that ${unknown === 1 ? 'is' : 'are'} not known.`,
    ],
    [
      named((counts) => known(counts) === 0),
      (names) => `Without a known label: ${names}. All means leave such findings out.`,
    ],
    [
      named((counts) => known(counts) > 0 && counts.positives === 0),
      (names) =>
        `Never present: ${names}. Means of AUC, average precision and sensitivity leave such findings out.`,
    ],
    [
      named((counts) => known(counts) > 0 && counts.negatives === 0),
      (names) => `Always present: ${names}. Means of AUC and specificity leave such findings out.`,
    ],
    [
      named((counts) => counts.positives === 1 && counts.negatives > 0),
      (names) => `Present in a single sample: ${names}. DeLong's variance is not defined.`,
    ],
    [
      named((counts) => counts.positives > 0 && counts.predicted === 0),
      (names) =>
        `Never predicted at the threshold: ${names}. The mean of precision leaves such findings out; their F1 is 0.`,
    ],
  ];
  return sentences.flatMap(([names, sentence]) => (names === '' ? [] : [sentence(names)]));
}
