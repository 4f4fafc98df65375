import { throwIssues } from '@nonlocal-med/core';
import { checkLength, labelIssues } from '../input/checkArguments.js';

/** How often each class was taken for each. */
export interface ConfusionMatrix {
  readonly classes: number;
  /** [classes, classes] in row-major order: row = truth, column = prediction. */
  readonly counts: Float64Array;
}

/**
 * Counts predictions by true class; each sample counts `weights[i]` times, once without weights.
 *
 * @param labels true class indices, [count]
 * @param predicted predicted class indices, [count]
 * @throws RangeError when lengths differ.
 * @throws InputError that lists every entry that is no class, with its index.
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { classes, weights }: { readonly classes: number; readonly weights?: ArrayLike<number> },
): ConfusionMatrix {
  checkLength('predicted', predicted.length, labels.length);
  const counts = new Float64Array(classes * classes);
  let inside = true;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const guess = predicted[i];
    inside &&=
      label >= 0 &&
      label < classes &&
      guess >= 0 &&
      guess < classes &&
      (label | 0) === label &&
      (guess | 0) === guess;
    counts[label * classes + guess] += weights === undefined ? 1 : weights[i];
  }
  if (!inside)
    throwIssues([...labelIssues(labels, classes), ...labelIssues(predicted, classes, 'predicted')]);
  return { classes, counts };
}

/** One class against the rest. */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
}

/**
 * Reduces a confusion matrix to one class against the rest (spec 10).
 * @throws RangeError when the class is not in the matrix.
 */
export function classCounts({ classes, counts }: ConfusionMatrix, classIndex: number): ClassCounts {
  if (!(classIndex >= 0 && classIndex < classes))
    throw new RangeError(`The matrix has classes 0 to ${classes - 1}, got ${classIndex}.`);
  let row = 0;
  let column = 0;
  let total = 0;
  for (let c = 0; c < classes; c++) {
    row += counts[classIndex * classes + c];
    column += counts[c * classes + classIndex];
  }
  for (let i = 0; i < counts.length; i++) total += counts[i];
  const truePositives = counts[classIndex * classes + classIndex];
  return {
    truePositives,
    falseNegatives: row - truePositives,
    falsePositives: column - truePositives,
    trueNegatives: total - row - column + truePositives,
  };
}
