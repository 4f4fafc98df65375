import type { EvaluationReport } from '@nonlocal-med/metrics';
import { estimateText } from './estimateText.js';
import type { Table } from './table.js';

/** A report and what to call it. */
export interface NamedReport {
  readonly name: string;
  readonly report: EvaluationReport;
}

/** The paper's three metrics, both readings of accuracy, and the quadratic kappa, each with its interval. */
export function evaluationTable(reports: readonly NamedReport[]): Table {
  const metrics = [
    ['AUC', 'auc'],
    ['sensitivity', 'sensitivity'],
    ['accuracy (one-vs-rest)', 'accuracyOneVsRest'],
    ['accuracy (top-1)', 'accuracy'],
    ['quadratic kappa', 'quadraticKappa'],
  ] as const;
  return {
    columns: [{ title: '' }, ...metrics.map(([title]) => ({ title, align: 'right' as const }))],
    rows: reports.map(({ name, report }) => [name, ...metrics.map(([, metric]) => estimateText(report.metrics[metric]))]),
  };
}
