import { type ClassChoice, classMetric } from './classMetric.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { ratio } from './ratio.js';

/**
 * Precision (positive predictive value) tp / (tp + fp): the macro mean, or that of class `of`. A class that is never
 * predicted has none and is left out of the mean (scikit-learn's `zero_division=nan`; its default counts 0).
 *
 * @returns null when there are no samples, or none predicted as class `of`.
 */
export function precision(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ truePositives, falsePositives }) =>
    ratio(truePositives, truePositives + falsePositives),
  );
}
