import { type ClassChoice, classMetric } from './classMetric.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { ratio } from './ratio.js';

/**
 * Sensitivity (recall) tp / (tp + fn): the macro mean (paper Eq. 6, spec 10.1), or that of class `of`.
 * A class absent from the truth has none and is left out of the mean.
 *
 * @returns null when there are no samples, or none of class `of`.
 */
export function sensitivity(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ truePositives, falseNegatives }) =>
    ratio(truePositives, truePositives + falseNegatives),
  );
}
