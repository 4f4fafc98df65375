import type { EvaluationReport } from '@nonlocal-med/metrics';
import { formatEstimate } from './numberText.js';
import type { Table } from './table.js';

/** The metrics of tables of single models, as title and name: the paper's, both readings of accuracy, and kappa. */
export const shownMetrics = [
  ['AUC', 'auc'],
  ['sensitivity', 'sensitivity'],
  ['accuracy (one-vs-rest)', 'accuracyOneVsRest'],
  ['accuracy (top-1)', 'accuracy'],
  ['quadratic kappa', 'quadraticKappa'],
] as const;

/** The evaluation of a model, and the model's name. */
export interface NamedReport {
  readonly name: string;
  readonly report: EvaluationReport;
}

/**
 * Metrics with their intervals, one row per report and one column per metric.
 * @example
 * ```ts
 * import { evaluatePredictions } from '@nonlocal-med/metrics';
 * import { evaluationTable } from '@nonlocal-med/report';
 *
 * const report = evaluatePredictions({
 *   classes: ['healthy', 'lesion'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(0, 0, 1, 1),
 *   probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.6, 0.4, 0.2, 0.8),
 * });
 * const { columns, rows } = evaluationTable([{ name: 'resnet18', report }]);
 * console.log(columns[1].title, rows[0][1]); // AUC 0.750 (0.07 to 0.99)
 * ```
 */
export function evaluationTable(reports: readonly NamedReport[]): Table {
  return {
    columns: [
      { title: '' },
      ...shownMetrics.map(([title]) => ({ title, align: 'right' as const })),
    ],
    rows: reports.map(({ name, report }) => [
      name,
      ...shownMetrics.map(([, metric]) => formatEstimate(report.metrics[metric])),
    ]),
  };
}
