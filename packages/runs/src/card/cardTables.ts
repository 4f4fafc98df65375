import { describeGoal, type MetricEstimate, type TestedPoint } from '@nonlocal-med/metrics';

/** A table of a model card; the first column names its rows. */
export interface CardTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** `86.1 (80.2 to 91.0)` in percent; a dash if the metric is not defined. */
export function estimateText({ value, interval }: MetricEstimate): string {
  if (value === null) return '-';
  const percent = (fraction: number): string => (100 * fraction).toFixed(1);
  const range =
    interval === undefined ? '' : ` (${percent(interval.lower)} to ${percent(interval.upper)})`;
  return `${percent(value)}${range}`;
}

/** The operating points of a model with their rates on the test set. */
export const pointsTable = (points: readonly TestedPoint[]): CardTable => ({
  columns: ['positive', 'chosen for', 'threshold', 'sensitivity', 'specificity', 'PPV', 'NPV'],
  rows: points.map(({ chosen, test }) => [
    chosen.positive.join('+'),
    describeGoal(chosen.goal),
    String(Number(chosen.threshold.toPrecision(4))),
    ...[test.sensitivity, test.specificity, test.ppv, test.npv].map(estimateText),
  ]),
});
