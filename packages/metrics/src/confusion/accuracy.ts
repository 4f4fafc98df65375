import { classMetric } from './classMetric.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { ratio } from './ratio.js';

/**
 * What "accuracy" means: `top-1` is the share of samples whose class was found; `one-vs-rest` is the paper's Eq. 5
 * taken per class and averaged, (1/K) sum over classes of (tp + tn) / n = 1 - (2/K)(1 - top-1) (spec 10.1).
 */
export type AccuracyReading = 'top-1' | 'one-vs-rest';

/**
 * Accuracy in one of its two readings.
 * @returns null when there are no samples.
 */
export function accuracy(
  matrix: ConfusionMatrix,
  { reading = 'top-1' }: { readonly reading?: AccuracyReading } = {},
): number | null {
  if (reading === 'one-vs-rest') {
    return classMetric(
      matrix,
      {},
      ({ truePositives, trueNegatives, falsePositives, falseNegatives }) =>
        ratio(
          truePositives + trueNegatives,
          truePositives + trueNegatives + falsePositives + falseNegatives,
        ),
    );
  }
  const { classes, counts } = matrix;
  let right = 0;
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  for (let c = 0; c < classes; c++) right += counts[c * classes + c];
  return ratio(right, total);
}
