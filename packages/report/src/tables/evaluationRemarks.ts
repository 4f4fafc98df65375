import { type EvaluationReport, reportedMetric, type TaskReport } from '@nonlocal-med/metrics';
import { type ShownMetric, shownMetricsOf } from './evaluationTable.js';

/**
 * Sentences below an evaluation's table: why a value or an interval is missing, and what the metrics leave out.
 * @param options ordered: whether the classes are grades with an order, without which quadratic kappa is not shown
 * @example
 * ```ts
 * import { evaluatePredictions } from '@nonlocal-med/metrics';
 * import { evaluationRemarks } from '@nonlocal-med/report';
 *
 * const report = evaluatePredictions({
 *   classes: ['healthy', 'lesion'],
 *   ids: ['a', 'b'],
 *   labels: Int32Array.of(1, 1),
 *   probabilities: Float64Array.of(0.4, 0.6, 0.2, 0.8),
 * });
 * console.log(evaluationRemarks(report)[0]); // Not defined: AUC, quadratic kappa (every sample is of class "lesion").
 * ```
 */
export function evaluationRemarks(
  report: TaskReport,
  { ordered = true }: { readonly ordered?: boolean } = {},
): string[] {
  const shown = shownMetricsOf(report, ordered);
  const reason = (key: 'undefinedBecause' | 'noIntervalBecause') => (metric: ShownMetric[1]) =>
    reportedMetric(report, metric)[key];
  return [
    ...byReason(shown, 'Not defined', reason('undefinedBecause')),
    ...byReason(shown, 'No interval', reason('noIntervalBecause')),
    ...report.notes,
  ];
}

/**
 * What the intervals of an evaluation are, for the title of its values: `(95 % intervals, patients resampled)`.
 * @param patientsKnown whether groups of images are patients, rather than copies of an image
 */
export const intervalText = (
  { confidence, bootstrap }: Pick<EvaluationReport, 'confidence' | 'bootstrap'>,
  patientsKnown: boolean,
): string =>
  `(${100 * confidence} % intervals${patientsKnown && bootstrap?.grouped === true ? ', patients resampled' : ''})`;

/** One sentence for each reason, with the metrics it applies to. */
function byReason(
  shown: readonly ShownMetric[],
  finding: string,
  reasonOf: (metric: ShownMetric[1]) => string | undefined,
): string[] {
  const titles = new Map<string, string[]>();
  for (const [title, metric] of shown) {
    const reason = reasonOf(metric);
    if (reason !== undefined) titles.set(reason, [...(titles.get(reason) ?? []), title]);
  }
  return [...titles].map(([reason, names]) => `${finding}: ${names.join(', ')} (${reason}).`);
}
