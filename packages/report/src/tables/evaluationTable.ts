import {
  classesAreOrdered,
  reportedMetric,
  type TaskComparison,
  type TaskMetric,
  type TaskReport,
} from '@nonlocal-med/metrics';
import { formatEstimate } from './numberText.js';
import type { Table } from './table.js';

/** A metric of tables of single models, as title and name. */
export type ShownMetric = readonly [title: string, name: TaskMetric];

/** For classes: the paper's, both readings of accuracy, and kappa. */
const ofClasses: readonly ShownMetric[] = [
  ['AUC', 'auc'],
  ['sensitivity', 'sensitivity'],
  ['accuracy (one-vs-rest)', 'accuracyOneVsRest'],
  ['accuracy (top-1)', 'accuracy'],
  ['quadratic kappa', 'quadraticKappa'],
];

/** For findings: means over them, and both averages over all labels. */
const ofFindings: readonly ShownMetric[] = [
  ['mean AUC', 'auc'],
  ['mean average precision', 'averagePrecision'],
  ['mean sensitivity', 'sensitivity'],
  ['mean specificity', 'specificity'],
  ['AUC, all labels', 'micro auc'],
  ['average precision, all labels', 'micro averagePrecision'],
];

/** The metrics of tables of single models of a task; quadratic kappa only for classes with an order, such as grades. */
export const shownMetricsOf = (
  subject: TaskReport | TaskComparison,
  ordered: boolean,
): readonly ShownMetric[] =>
  'perFinding' in subject
    ? ofFindings
    : ofClasses.filter(([, name]) => ordered || name !== 'quadraticKappa');

/** The evaluation of a model, and the model's name. */
export interface NamedReport {
  readonly name: string;
  readonly report: TaskReport;
  /** Whether the classes are grades with an order; default: by their names, such as 0, 1, 2. */
  readonly ordered?: boolean;
}

/**
 * Metrics with their intervals, one row per report and one column per metric; quadratic kappa only for ordered classes. Of
 * findings it has the averages; `findingTables` have each finding.
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
  const ordered = reports.some(
    ({ report, ordered: declared }) =>
      'classes' in report && classesAreOrdered(report.classes, { declared }),
  );
  const metrics = reports.length === 0 ? [] : shownMetricsOf(reports[0].report, ordered);
  return {
    columns: [{ title: '' }, ...metrics.map(([title]) => ({ title, align: 'right' as const }))],
    rows: reports.map(({ name, report }) => [
      name,
      ...metrics.map(([, metric]) => formatEstimate(reportedMetric(report, metric))),
    ]),
  };
}
