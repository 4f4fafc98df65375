import type { MetricName } from '@nonlocal-med/metrics';

/** The metrics that an experiment's table has for every row. */
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

const inPercent = { published: null, percent: true } as const;

/** All metrics of a summary in the order of tables. The first four are the paper's, with both readings of its ACC. */
export const summaryMetrics: readonly SummaryMetricInfo[] = [
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

/** The metrics that the paper's tables report. */
export const paperMetrics = summaryMetrics.slice(0, 4);

/** The remaining metrics of {@link summaryMetrics}. */
export const furtherMetrics = summaryMetrics.slice(4);

/** Metrics of a table; quadratic kappa only for classes with an order, such as grades. */
export function metricsFor(
  { ordered = false }: { readonly ordered?: boolean },
  metrics: readonly SummaryMetricInfo[] = summaryMetrics,
): readonly SummaryMetricInfo[] {
  return ordered ? metrics : metrics.filter(({ name }) => name !== 'quadraticKappa');
}

/** Computes a value for each metric of a summary. */
export function mapMetrics<T>(compute: (metric: SummaryMetric) => T): Record<SummaryMetric, T> {
  return Object.fromEntries(summaryMetrics.map(({ name }) => [name, compute(name)])) as Record<
    SummaryMetric,
    T
  >;
}
