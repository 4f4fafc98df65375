import { meanOfDefined, safeDivide } from './averages.js';
import { type ClassCounts, classCounts, type ConfusionMatrix } from './confusionMatrix.js';

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
        safeDivide(
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
  return safeDivide(right, total);
}

/**
 * Balanced accuracy: the mean of the sensitivities of the classes present. `adjusted` moves it so that chance is 0 and
 * perfection 1, (value - 1/C) / (1 - 1/C) for C classes present (scikit-learn's definition).
 *
 * @returns null when there are no samples; adjusted also when only one class is present.
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

/**
 * Sensitivity (recall) tp / (tp + fn): the macro mean (paper Eq. 6, spec 10.1), or that of class `of`.
 * A class absent from the truth has none and is left out of the mean.
 *
 * @returns null when there are no samples, or none of class `of`.
 */
export function sensitivity(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ truePositives, falseNegatives }) =>
    safeDivide(truePositives, truePositives + falseNegatives),
  );
}

/**
 * Specificity tn / (tn + fp): the macro mean, or that of class `of`. A class that every sample belongs to has none and
 * is left out of the mean.
 *
 * @returns null when there are no samples, or none outside class `of`.
 */
export function specificity(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ trueNegatives, falsePositives }) =>
    safeDivide(trueNegatives, trueNegatives + falsePositives),
  );
}

/**
 * Precision (positive predictive value) tp / (tp + fp): the macro mean, or that of class `of`. A class that is never
 * predicted has none and is left out of the mean (scikit-learn's `zero_division=nan`; its default counts 0).
 *
 * @returns null when there are no samples, or none predicted as class `of`.
 */
export function precision(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ truePositives, falsePositives }) =>
    safeDivide(truePositives, truePositives + falsePositives),
  );
}

/**
 * F1 = 2 tp / (2 tp + fp + fn): the macro mean, or that of class `of`. A class that is present but never predicted, or
 * predicted but never present, has 0; one that is neither has none and is left out of the mean.
 *
 * @returns null when there are no samples, or class `of` is neither present nor predicted.
 */
export function f1(matrix: ConfusionMatrix, choice: ClassChoice = {}): number | null {
  return classMetric(matrix, choice, ({ truePositives, falsePositives, falseNegatives }) =>
    safeDivide(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
  );
}

/** Which classes a one-vs-rest metric speaks of: the mean over all for which it is defined, or one. */
export interface ClassChoice {
  /** A class index; without it the macro mean. */
  readonly of?: number;
}

/** Frame of every one-vs-rest metric: `valueOf` says what one class's counts give, or null. */
function classMetric(
  matrix: ConfusionMatrix,
  { of }: ClassChoice,
  valueOf: (counts: ClassCounts) => number | null,
): number | null {
  if (of !== undefined) return valueOf(classCounts(matrix, of));
  return meanOfDefined(matrix.classes, (c) => valueOf(classCounts(matrix, c)));
}
