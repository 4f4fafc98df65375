import { throwIssues } from '@nonlocal-med/core';
import { checkLength } from '../input/checkLength.js';
import { labelIssues } from '../input/labelIssues.js';

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
