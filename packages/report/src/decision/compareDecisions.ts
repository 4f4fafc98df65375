import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import {
  applyCalibration,
  binarySamples,
  type BootstrapOptions,
  compareOperatingPoints,
  type DecisionReport,
  type OperatingComparison,
  pointText,
} from '@nonlocal-med/metrics';
import { formatDifference, formatPValue } from '../tables/numberText.js';
import type { Table } from '../tables/table.js';

/** A run's decisions with the predictions that they are about. */
export interface DecidedRun {
  /** Null in a run without operating points. */
  readonly decision: DecisionReport | null;
  /** For the test set, as the network gives them. */
  readonly predictions: Predictions | FindingPredictions;
}

/** Two runs at the operating points that each of them has by the same rule; plain JSON. */
export interface PointComparison {
  /** The rule: `referable: specificity>=0.95`. */
  readonly point: string;
  /** Thresholds of the run and of the first one. */
  readonly thresholds: { readonly a: number; readonly b: number };
  /** The run (A) compared with the first (B). */
  readonly comparison: OperatingComparison;
  /** Whether patients were resampled, because images of one patient are not independent as McNemar's test takes them. */
  readonly grouped: boolean;
}

/** Compares a run (A) with the first one (B) at each operating point that both have, with McNemar's and paired tests. */
export function compareDecisions(
  a: DecidedRun,
  b: DecidedRun,
  options: BootstrapOptions = {},
): PointComparison[] {
  if (a.decision === null || b.decision === null) return [];
  const [scoredA, scoredB] = [a, b].map(({ decision, predictions }) =>
    decision!.calibrated ? applyCalibration(predictions, decision!.calibration) : predictions,
  );
  const ofB = new Map(b.decision.points.map((point) => [pointText(point.chosen), point.chosen]));
  return a.decision.points.flatMap(({ chosen }): PointComparison[] => {
    const other = ofB.get(pointText(chosen));
    if (other === undefined) return [];
    const samples = binarySamples(scoredA, chosen.positive);
    return [
      {
        point: pointText(chosen),
        thresholds: { a: chosen.threshold, b: other.threshold },
        comparison: compareOperatingPoints(
          { samples, threshold: chosen.threshold },
          { samples: binarySamples(scoredB, other.positive), threshold: other.threshold },
          options,
        ),
        grouped: samples.groups !== undefined,
      },
    ];
  });
}

const tested = ['sensitivity', 'specificity'] as const;

/** McNemar's mid-p; the p value of the paired bootstrap where patients were resampled. */
export const pointPValue = (
  { comparison: { rates, mcnemar }, grouped }: PointComparison,
  rate: (typeof tested)[number],
): number | null => (grouped ? rates[rate].pValue : mcnemar[rate].midPValue);

/**
 * Sensitivity and specificity of two runs at their operating points, with the difference and its p value.
 * @param names the first run and the one compared with it
 */
export function pointTable(
  [first, second]: readonly [string, string],
  points: readonly PointComparison[],
): Table {
  return {
    columns: [
      { title: 'operating point' },
      { title: '' },
      ...[first, second, `${second} - ${first}`, 'p'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rows: points.flatMap((point) =>
      tested.map((rate, index) => {
        const compared = point.comparison.rates[rate];
        return [
          index === 0 ? point.point : '',
          rate,
          compared.b?.toFixed(3) ?? '-',
          compared.a?.toFixed(3) ?? '-',
          formatDifference(compared),
          formatPValue(pointPValue(point, rate)),
        ];
      }),
    ),
  };
}

/** What the p values of {@link pointTable} are. */
export const pointTestText = (points: readonly PointComparison[]): string =>
  `At each run's own operating points, whose thresholds were chosen on its validation set; p by ${points.some(({ grouped }) => grouped) ? 'the paired bootstrap over whole patients' : "McNemar's test (mid-p)"}, not corrected for the number of comparisons.`;

/** One line per run, operating point and rate for CSV: run, name, weights, value, difference, its interval and p. */
export function pointRecords(
  points: readonly PointComparison[],
  { run, baseline, weights }: { readonly run: string; baseline: string; weights: string },
): (string | number | null)[][] {
  return points.flatMap((point) =>
    tested.map((rate) => {
      const { a, difference, lower, upper } = point.comparison.rates[rate];
      const name = `${rate} at ${point.point}`;
      const pValue = pointPValue(point, rate);
      return [run, name, weights, a, null, null, baseline, difference, lower, upper, pValue, null];
    }),
  );
}
