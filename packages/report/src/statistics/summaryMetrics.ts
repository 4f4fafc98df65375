import type { Task } from '@nonlocal-med/core';
import type { FindingStatistic, MetricName } from '@nonlocal-med/metrics';

/** The metrics that an experiment's table has for every row: those of its task. */
export type SummaryMetric =
  | Extract<
      MetricName,
      | 'auc'
      | 'sensitivity'
      | 'accuracyOneVsRest'
      | 'accuracy'
      | 'specificity'
      | 'precision'
      | 'f1'
      | 'quadraticKappa'
    >
  | FindingStatistic;

/** How tables show a metric. */
export interface SummaryMetricInfo {
  readonly name: SummaryMetric;
  readonly title: string;
  /** Title for narrow columns. */
  readonly short: string;
  /** Column of the paper's tables with the published value; null if the paper does not report the metric. */
  readonly published: 'AUC' | 'SEN' | 'ACC' | null;
  /** Whether the metric is shown in percent; kappa is not. */
  readonly percent: boolean;
}

/** What decides which metrics there are. */
export interface MetricSubject {
  /** Default: `multiclass`. */
  readonly task?: Task;
  /** The classes or findings. */
  readonly classes: readonly string[];
  /** Whether the classes are grades with an order; default: no. */
  readonly ordered?: boolean;
}

const inPercent = { published: null, percent: true } as const;

const classMetrics: readonly SummaryMetricInfo[] = [
  { name: 'auc', title: 'AUC', short: 'AUC', published: 'AUC', percent: true },
  { name: 'sensitivity', title: 'SEN', short: 'SEN', published: 'SEN', percent: true },
  {
    name: 'accuracyOneVsRest',
    title: 'ACC one-vs-rest',
    short: 'ACC ovr',
    published: 'ACC',
    percent: true,
  },
  { name: 'accuracy', title: 'ACC top-1', short: 'ACC top-1', ...inPercent },
  { name: 'specificity', title: 'specificity', short: 'specificity', ...inPercent },
  { name: 'precision', title: 'precision', short: 'precision', ...inPercent },
  { name: 'f1', title: 'F1', short: 'F1', ...inPercent },
  {
    name: 'quadraticKappa',
    title: 'quadratic kappa',
    short: 'kappa',
    published: null,
    percent: false,
  },
];

const findingMetrics: readonly SummaryMetricInfo[] = [
  { name: 'auc', title: 'mean AUC', short: 'AUC', ...inPercent },
  {
    name: 'averagePrecision',
    title: 'mean average precision',
    short: 'AP',
    ...inPercent,
  },
  { name: 'sensitivity', title: 'mean sensitivity', short: 'sensitivity', ...inPercent },
  { name: 'specificity', title: 'mean specificity', short: 'specificity', ...inPercent },
  { name: 'micro auc', title: 'AUC over all labels', short: 'micro AUC', ...inPercent },
  {
    name: 'micro averagePrecision',
    title: 'average precision over all labels',
    short: 'micro AP',
    ...inPercent,
  },
  { name: 'precision', title: 'mean precision', short: 'precision', ...inPercent },
  { name: 'f1', title: 'mean F1', short: 'F1', ...inPercent },
  {
    name: 'brierScore',
    title: 'mean Brier score',
    short: 'Brier',
    published: null,
    percent: false,
  },
  {
    name: 'calibrationError',
    title: 'mean calibration error',
    short: 'calibration error',
    published: null,
    percent: false,
  },
];

const averagesOf = ({ task }: MetricSubject): readonly SummaryMetricInfo[] =>
  task === 'multilabel' ? findingMetrics : classMetrics;

/** The first metrics of a table: for classes the paper's, with both readings of its ACC. */
export const mainMetrics = (subject: MetricSubject): readonly SummaryMetricInfo[] =>
  averagesOf(subject).slice(0, 4);

/** The metrics of further tables; quadratic kappa only for classes with an order, such as grades. */
export const furtherMetrics = (subject: MetricSubject): readonly SummaryMetricInfo[] =>
  averagesOf(subject)
    .slice(4)
    .filter(({ name }) => subject.ordered === true || name !== 'quadraticKappa');

/** The AUC of each finding; empty for classes. */
export const metricsOfFindings = ({ task, classes }: MetricSubject): SummaryMetricInfo[] =>
  task === 'multilabel'
    ? classes.map((finding) => ({
        name: `auc of ${finding}`,
        title: `AUC of ${finding}`,
        short: finding,
        ...inPercent,
      }))
    : [];

/** Every metric that tables show, in their order. */
export const shownSummaryMetrics = (subject: MetricSubject): SummaryMetricInfo[] => [
  ...mainMetrics(subject),
  ...furtherMetrics(subject),
  ...metricsOfFindings(subject),
];

/** Every metric that is computed, shown or not. */
export const summaryMetrics = (subject: MetricSubject): SummaryMetricInfo[] =>
  shownSummaryMetrics({ ...subject, ordered: true });

/** Computes a value for each metric of a summary. */
export function mapMetrics<T>(
  subject: MetricSubject,
  compute: (metric: SummaryMetric) => T,
): Record<SummaryMetric, T> {
  return Object.fromEntries(
    summaryMetrics(subject).map(({ name }) => [name, compute(name)]),
  ) as Record<SummaryMetric, T>;
}

/**
 * Adjusts the p values of tests for their number: each metric for itself, but those of all findings together, because they
 * are read as answers to one question.
 * @param tests of each metric, in the same order
 * @param adjust the tests of one family, in the same order
 */
export function adjustFamilies<T>(
  subject: MetricSubject,
  tests: Readonly<Record<SummaryMetric, readonly T[]>>,
  adjust: (family: readonly T[]) => readonly T[],
): Record<SummaryMetric, readonly T[]> {
  const findings = metricsOfFindings(subject).map(({ name }) => name);
  const together = adjust(findings.flatMap((name) => tests[name]));
  return mapMetrics(subject, (metric) => {
    const place = findings.indexOf(metric);
    const { length } = tests[metric];
    return place < 0 ? adjust(tests[metric]) : together.slice(place * length, (place + 1) * length);
  });
}
