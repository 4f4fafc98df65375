import { argmaxRows, throwIssues } from '@nonlocal-med/core';
import { labelIssues, probabilityIssues } from '../input/checkArguments.js';
import { type ScoreOrder, scoreOrder } from '../ranking/scoreOrder.js';

/** Checked labels and probabilities, with everything about them that does not depend on weights. */
export interface ScoredSamples {
  readonly count: number;
  readonly classes: number;
  /** True class indices, [count]. */
  readonly labels: Int32Array;
  /** [count, classes] in row-major order. */
  readonly probabilities: Float64Array;
  /** Class with the largest probability, the first on ties, [count]. */
  readonly predicted: Int32Array;
  /** Samples by ascending probability of one class; sorted once. */
  order(classIndex: number): ScoreOrder;
}

/**
 * Checks labels against probabilities.
 * @param labels true class indices, [count]
 * @param probabilities [count, classes] in row-major order; rows sum to 1
 * @param classes number of classes; by default the quotient of the lengths, so required when there are no samples
 * @throws RangeError when the lengths do not match or there are fewer than two classes
 * @throws InputError that lists every label that is not a class index and every row that is not a distribution
 */
export function scoreSamples(
  labels: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number = probabilities.length / labels.length,
): ScoredSamples {
  if (
    !Number.isInteger(classes) ||
    classes < 2 ||
    probabilities.length !== labels.length * classes
  ) {
    throw new RangeError(
      `Probabilities must be [samples, classes] with at least two classes; got ${probabilities.length} numbers for ${labels.length} samples.`,
    );
  }
  throwIssues([...labelIssues(labels, classes), ...probabilityIssues(probabilities, classes)]);
  const values =
    probabilities instanceof Float64Array ? probabilities : Float64Array.from(probabilities);
  const orders = new Map<number, ScoreOrder>();
  return {
    count: labels.length,
    classes,
    labels: labels instanceof Int32Array ? labels : Int32Array.from(labels),
    probabilities: values,
    predicted: argmaxRows(values, classes),
    order(classIndex) {
      const known =
        orders.get(classIndex) ??
        scoreOrder(labels.length, (sample) => values[sample * classes + classIndex]);
      orders.set(classIndex, known);
      return known;
    },
  };
}
