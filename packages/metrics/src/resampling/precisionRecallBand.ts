import { checkBinary } from '../input/checkBinary.js';
import { scoreOrder } from '../sample/scoreOrder.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { type BandPoint, curveBand } from './curveBand.js';

/**
 * Pointwise bootstrap band of a two-class precision-recall curve: x = recall, height = precision at the largest
 * threshold that reaches it (the curve's steps).
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when there is no positive.
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function precisionRecallBand(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: Omit<BootstrapOptions, 'method'> & { readonly points?: number } = {},
): BandPoint[] | null {
  checkBinary(labels, scores);
  const { samples, ends } = scoreOrder(labels.length, (i) => scores[i]);
  const isPositive = Uint8Array.from(labels);
  if (!isPositive.includes(1)) return null;
  return curveBand(
    (weights, grid) => {
      let total = 0;
      for (let i = 0; i < weights.length; i++) if (isPositive[i] === 1) total += weights[i];
      const heights: (number | null)[] = [];
      let positives = 0;
      let all = 0;
      for (let rank = samples.length - 1; rank >= 0; rank--) {
        const sample = samples[rank];
        all += weights[sample];
        if (isPositive[sample] === 1) positives += weights[sample];
        if (rank > 0 && ends[rank - 1] === 0) continue;
        while (
          positives > 0 &&
          heights.length < grid.length &&
          positives >= grid[heights.length] * total
        )
          heights.push(positives / all);
      }
      while (heights.length < grid.length) heights.push(null);
      return heights;
    },
    labels,
    options,
  );
}
