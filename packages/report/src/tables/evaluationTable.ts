import { classesAreOrdered, type EvaluationReport } from '@nonlocal-med/metrics';
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

/** {@link shownMetrics}; quadratic kappa only for classes with an order, such as grades. */
export const shownMetricsOf = (ordered: boolean): (typeof shownMetrics)[number][] =>
  shownMetrics.filter(([, name]) => ordered || name !== 'quadraticKappa');

/** The evaluation of a model, and the model's name. */
export interface NamedReport {
  readonly name: string;
  readonly report: EvaluationReport;
  /** Whether the classes are grades with an order; default: by their names, such as 0, 1, 2. */
  readonly ordered?: boolean;
}

/**
 * Metrics with their intervals, one row per report and one column per metric; quadratic kappa only for ordered classes.
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
  const metrics = shownMetricsOf(
    reports.some(({ report, ordered }) => classesAreOrdered(report.classes, { declared: ordered })),
  );
  return {
    columns: [{ title: '' }, ...metrics.map(([title]) => ({ title, align: 'right' as const }))],
    rows: reports.map(({ name, report }) => [
      name,
      ...metrics.map(([, metric]) => formatEstimate(report.metrics[metric])),
    ]),
  };
}
