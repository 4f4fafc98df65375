import type { SummaryMetric } from './experimentSummary.js';

/** How a table shows a metric of a summary. */
export interface SummaryMetricInfo {
  readonly name: SummaryMetric;
  readonly title: string;
  /** Where there is little room. */
  readonly short: string;
  /** Column of the paper's tables that stands beside it. */
  readonly published: 'AUC' | 'SEN' | 'ACC' | null;
  /** Shown as percent; a kappa is not. */
  readonly percent: boolean;
}

/** All metrics of a summary, in the order of tables; the first four are the paper's, with both readings of its ACC. */
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
  { name: 'accuracy', title: 'ACC top-1', short: 'ACC top-1', published: null, percent: true },
  {
    name: 'specificity',
    title: 'specificity',
    short: 'specificity',
    published: null,
    percent: true,
  },
  { name: 'precision', title: 'precision', short: 'precision', published: null, percent: true },
  { name: 'f1', title: 'F1', short: 'F1', published: null, percent: true },
  {
    name: 'quadraticKappa',
    title: 'quadratic kappa',
    short: 'kappa',
    published: null,
    percent: false,
  },
];
