import { checkBinary } from '../input/checkArguments.js';
import { thresholdCounts } from './scoreOrder.js';

/** A point of a ROC curve: the result of calling every score from `threshold` up positive. */
export interface RocPoint {
  /** Null at the start, where nothing is called positive. */
  readonly threshold: number | null;
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * ROC curve of two classes from (0, 0) to (1, 1), one point per distinct score. Points inside a straight stretch are left
 * out, which does not change the curve, unless `all` is set.
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when one of the classes is absent
 * @throws RangeError when lengths differ
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 */
export function rocCurve(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  { all = false }: { readonly all?: boolean } = {},
): RocPoint[] | null {
  checkBinary(labels, scores);
  const { thresholds, truePositives, falsePositives } = thresholdCounts(labels, scores);
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return null;
  const isCorner = (i: number): boolean =>
    (truePositives[i] - (truePositives[i - 1] ?? 0)) *
      (falsePositives[i + 1] - falsePositives[i]) !==
    (truePositives[i + 1] - truePositives[i]) * (falsePositives[i] - (falsePositives[i - 1] ?? 0));
  const points: RocPoint[] = [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }];
  for (let i = 0; i < thresholds.length; i++) {
    if (!all && i + 1 < thresholds.length && !isCorner(i)) continue;
    points.push({
      threshold: thresholds[i],
      falsePositiveRate: falsePositives[i] / negatives,
      truePositiveRate: truePositives[i] / positives,
    });
  }
  return points;
}
