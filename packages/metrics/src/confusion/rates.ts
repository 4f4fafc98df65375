import { meanOfDefined, safeDivide } from './averages.js';
import {
  type ClassCounts,
  classCounts,
  type ConfusionMatrix,
  requireMatrix,
} from './confusionMatrix.js';

/**
 * What "accuracy" means: `top-1` is the fraction of samples whose class is predicted; `one-vs-rest` is the paper's Eq. 5
 * taken per class and averaged, (1/K) sum over classes of (tp + tn) / n = 1 - (2/K)(1 - top-1) (specification, 10.1).
 */
export type AccuracyReading = 'top-1' | 'one-vs-rest';

/**
 * Accuracy in one of its two readings.
 * @returns null when there are no samples
 * @example
 * ```ts
 * import { accuracy, confusionMatrix } from '@nonlocal-med/metrics';
 *
 * const matrix = confusionMatrix([0, 0, 1, 2], [0, 1, 1, 2], { classes: 3 });
 * console.log(accuracy(matrix)); // 0.75
 * ```
 */
export function accuracy(
  matrix: ConfusionMatrix,
  { reading = 'top-1' }: { readonly reading?: AccuracyReading } = {},
): number | null {
  requireMatrix(matrix);
  if (reading === 'one-vs-rest')
    return classRate(
      matrix,
      {},
      ({ truePositives, trueNegatives, falsePositives, falseNegatives }) =>
        safeDivide(
          truePositives + trueNegatives,
          truePositives + trueNegatives + falsePositives + falseNegatives,
        ),
    );
  const { classes, counts } = matrix;
  let right = 0;
  let total = 0;
  for (let i = 0; i < counts.length; i++) total += counts[i];
  for (let c = 0; c < classes; c++) right += counts[c * classes + c];
  return safeDivide(right, total);
}

/**
 * Balanced accuracy: the mean sensitivity of the classes present. `adjusted` rescales it so that chance is 0 and
 * perfection 1, (value - 1/C) / (1 - 1/C) for C classes present (scikit-learn's definition).
 * @returns null when there are no samples; adjusted also when only one class is present
 */
export function balancedAccuracy(
  matrix: ConfusionMatrix,
  { adjusted = false }: { readonly adjusted?: boolean } = {},
): number | null {
  const value = sensitivity(matrix);
  if (value === null || !adjusted) return value;
  let present = 0;
  for (let c = 0; c < matrix.classes; c++) if (sensitivity(matrix, { of: c }) !== null) present++;
  return present < 2 ? null : (value - 1 / present) / (1 - 1 / present);
}

/** Which classes a one-vs-rest metric covers: all for which it is defined (their mean), or one. */
export interface ClassChoice {
  /** A class index; default: the macro mean. */
  readonly of?: number;
}

/**
 * Sensitivity (recall) tp / (tp + fn): the macro mean (paper, Eq. 6), or that of class `of`. A class without samples has
 * none and is left out of the mean.
 * @returns null when there are no samples, or none of class `of`
 * @example
 * ```ts
 * import { confusionMatrix, sensitivity } from '@nonlocal-med/metrics';
 *
 * const matrix = confusionMatrix([0, 0, 1, 1, 1], [0, 0, 1, 1, 0], { classes: 2 });
 * console.log(sensitivity(matrix, { of: 0 })); // 1
 * console.log(sensitivity(matrix, { of: 1 })?.toFixed(3)); // 0.667
 * ```
 */
export function sensitivity(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classRate(matrix, choice, ({ truePositives, falseNegatives }) =>
    safeDivide(truePositives, truePositives + falseNegatives),
  );
}

/**
 * Specificity tn / (tn + fp): the macro mean, or that of class `of`. A class that all samples belong to has none and is
 * left out of the mean.
 * @returns null when there are no samples, or none outside class `of`
 */
export function specificity(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classRate(matrix, choice, ({ trueNegatives, falsePositives }) =>
    safeDivide(trueNegatives, trueNegatives + falsePositives),
  );
}

/**
 * Precision (positive predictive value) tp / (tp + fp): the macro mean, or that of class `of`. A class that is never
 * predicted has none and is left out of the mean (scikit-learn's `zero_division=nan`; its default counts 0).
 * @returns null when there are no samples, or none predicted as class `of`
 */
export function precision(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classRate(matrix, choice, ({ truePositives, falsePositives }) =>
    safeDivide(truePositives, truePositives + falsePositives),
  );
}

/**
 * F1 = 2 tp / (2 tp + fp + fn): the macro mean, or that of class `of`. It is 0 for a class that is present but never
 * predicted, or predicted but never present; a class that is neither has none and is left out of the mean.
 * @returns null when there are no samples, or class `of` is neither present nor predicted
 */
export function f1(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classRate(matrix, choice, ({ truePositives, falsePositives, falseNegatives }) =>
    safeDivide(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  );
}

/** A one-vs-rest metric; `rate` computes it from the counts of one class. */
function classRate(
  matrix: ConfusionMatrix,
  { of }: ClassChoice,
  rate: (counts: ClassCounts) => number | null,
): number | null {
  requireMatrix(matrix);
  if (of !== undefined) return rate(classCounts(matrix, of));
  return meanOfDefined(matrix.classes, (c) => rate(classCounts(matrix, c)));
}
