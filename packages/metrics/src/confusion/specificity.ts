import { type ClassChoice, classMetric } from './classMetric.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { ratio } from './ratio.js';

/**
 * Specificity tn / (tn + fp): the macro mean, or that of class `of`. A class that every sample belongs to has none and
 * is left out of the mean.
 *
 * @returns null when there are no samples, or none outside class `of`.
 */
export function specificity(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ trueNegatives, falsePositives }) =>
    ratio(trueNegatives, trueNegatives + falsePositives),
  );
}
