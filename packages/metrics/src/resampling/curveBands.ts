import { checkBinary, checkConfidence } from '../input/checkArguments.js';
import { scoreOrder } from '../ranking/scoreOrder.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from './bootstrap.js';

/** A point of a curve with its interval. */
export interface BandPoint {
  readonly x: number;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
}

/** How a band is computed: `points` equal steps of x from 0 to 1, default 101. */
export type BandOptions = Omit<BootstrapOptions, 'method'> & { readonly points?: number };

/**
 * Pointwise bootstrap band of a two-class ROC curve: x is the false positive rate, and the estimate the true positive rate
 * there, linear between the points of the curve (the upper end where it rises vertically).
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when one of the classes is absent
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 */
export function rocBand(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: BandOptions = {},
): BandPoint[] | null {
  checkBinary(labels, scores);
  const { samples, ends } = scoreOrder(labels.length, (i) => scores[i]);
  const isPositive = Uint8Array.from(labels);
  if (!isPositive.includes(1) || !isPositive.includes(0)) return null;
  return curveBand(
    (weights, grid) => {
      const falsePositives = [0];
      const truePositives = [0];
      let positives = 0;
      let negatives = 0;
      for (let rank = samples.length - 1; rank >= 0; rank--) {
        const sample = samples[rank];
        if (isPositive[sample] === 1) positives += weights[sample];
        else negatives += weights[sample];
        if (rank > 0 && ends[rank - 1] === 0) continue;
        falsePositives.push(negatives);
        truePositives.push(positives);
      }
      if (positives === 0 || negatives === 0) return Array.from(grid, () => null);
      let k = 0;
      return Array.from(grid, (rate) => {
        const target = rate * negatives;
        while (k + 1 < falsePositives.length && falsePositives[k + 1] <= target) k++;
        if (k + 1 === falsePositives.length) return truePositives[k] / positives;
        const share = (target - falsePositives[k]) / (falsePositives[k + 1] - falsePositives[k]);
        return (truePositives[k] + share * (truePositives[k + 1] - truePositives[k])) / positives;
      });
    },
    labels,
    options,
  );
}

/**
 * Pointwise bootstrap band of a two-class precision-recall curve: x is the recall, and the estimate the precision at the
 * largest threshold that reaches it (the steps of the curve).
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when there are no positives
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 */
export function precisionRecallBand(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: BandOptions = {},
): BandPoint[] | null {
  checkBinary(labels, scores);
  const { samples, ends } = scoreOrder(labels.length, (i) => scores[i]);
  const isPositive = Uint8Array.from(labels);
  if (!isPositive.includes(1)) return null;
  return curveBand(
    (weights, grid) => {
      let total = 0;
      for (let i = 0; i < weights.length; i++) if (isPositive[i] === 1) total += weights[i];
      const precisions: (number | null)[] = [];
      let positives = 0;
      let all = 0;
      for (let rank = samples.length - 1; rank >= 0; rank--) {
        const sample = samples[rank];
        all += weights[sample];
        if (isPositive[sample] === 1) positives += weights[sample];
        if (rank > 0 && ends[rank - 1] === 0) continue;
        while (
          positives > 0 &&
          precisions.length < grid.length &&
          positives >= grid[precisions.length] * total
        )
          precisions.push(positives / all);
      }
      while (precisions.length < grid.length) precisions.push(null);
      return precisions;
    },
    labels,
    options,
  );
}

/** Values of a curve at the points of a grid, over samples that each count `weights[i]` times; null where undefined. */
type WeightedCurve = (weights: Float64Array, grid: Float64Array) => readonly (number | null)[];

/** Points where the curve has no value or no interval are left out. */
function curveBand(
  curve: WeightedCurve,
  labels: ArrayLike<number>,
  { points = 101, ...options }: BandOptions,
): BandPoint[] {
  if (!Number.isInteger(points) || points < 2)
    throw new RangeError(`The number of points must be an integer of at least 2, got ${points}.`);
  checkConfidence(options.confidence ?? 0.95);
  const grid = Float64Array.from({ length: points }, (_, i) => i / (points - 1));
  const values: WeightedStatistics = (weights) => curve(weights, grid);
  return bootstrapStatistics(values, labels, { ...options, method: 'percentile' }).flatMap(
    ({ interval: { estimate, lower, upper } }, i) =>
      estimate === null || lower === null || upper === null
        ? []
        : [{ x: grid[i], estimate, lower, upper }],
  );
}
