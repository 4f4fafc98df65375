import { checkBinary } from '../input/checkBinary.js';
import { scoreOrder } from '../sample/scoreOrder.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { type BandPoint, curveBand } from './curveBand.js';

/**
 * Pointwise bootstrap band of a two-class ROC curve: x = false positive rate, height = true positive rate there, joined
 * by straight lines between the curve's points (the upper end where it rises straight up).
 *
 * @param labels 0 or 1, [count]
 * @param scores larger means positive, [count]
 * @returns null when one of the classes is absent.
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index.
 */
export function rocBand(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  options: Omit<BootstrapOptions, 'method'> & { readonly points?: number } = {},
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
