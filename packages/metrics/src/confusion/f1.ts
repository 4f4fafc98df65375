import { type ClassChoice, classMetric } from './classMetric.js';
import type { ConfusionMatrix } from './confusionMatrix.js';
import { ratio } from './ratio.js';

/**
 * F1 = 2 tp / (2 tp + fp + fn): the macro mean, or that of class `of`. A class that is present but never predicted, or
 * predicted but never present, has 0; one that is neither has none and is left out of the mean.
 *
 * @returns null when there are no samples, or class `of` is neither present nor predicted.
 */
export function f1(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ truePositives, falsePositives, falseNegatives }) =>
    ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  );
}
