import { throwIssues } from '@nonlocal-med/core';
import { checkLength, labelIssues, requireArrays } from '../input/checkArguments.js';

/** How often each class was predicted as each class. */
export interface ConfusionMatrix {
  readonly classes: number;
  /** [classes, classes] in row-major order: row = truth, column = prediction. */
  readonly counts: Float64Array;
}

/**
 * Counts predictions by true class.
 * @param labels true class indices, [count]
 * @param predicted predicted class indices, [count]
 * @param options.classes number of classes; default: up to the largest index that occurs, at least 2
 * @param options.weights how often each sample counts, [count]; default: once
 * @throws RangeError when lengths differ
 * @throws InputError that lists every entry that is not a class index, with its position
 * @example
 * ```ts
 * import { confusionMatrix } from '@nonlocal-med/metrics';
 *
 * const { counts } = confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1], { classes: 2 });
 * console.log(counts.join(' ')); // 1 1 0 2
 * ```
 */
export function confusionMatrix(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  {
    classes: given,
    weights,
  }: { readonly classes?: number; readonly weights?: ArrayLike<number> } = {},
): ConfusionMatrix {
  requireArrays('confusionMatrix(labels, predicted)', { labels, predicted });
  checkLength('predicted', predicted.length, labels.length);
  const classes = given ?? classesOf(labels, predicted);
  const counts = new Float64Array(classes * classes);
  let valid = true;
  for (let i = 0; i < labels.length; i++) {
    const truth = labels[i];
    const prediction = predicted[i];
    valid &&=
      truth >= 0 &&
      truth < classes &&
      prediction >= 0 &&
      prediction < classes &&
      (truth | 0) === truth &&
      (prediction | 0) === prediction;
    counts[truth * classes + prediction] += weights === undefined ? 1 : weights[i];
  }
  if (!valid)
    throwIssues([...labelIssues(labels, classes), ...labelIssues(predicted, classes, 'predicted')]);
  return { classes, counts };
}

/** The smallest number of classes, at least 2, that has all indices. */
function classesOf(...indices: readonly ArrayLike<number>[]): number {
  let largest = 1;
  for (const values of indices)
    for (let i = 0; i < values.length; i++)
      if (Number.isInteger(values[i])) largest = Math.max(largest, values[i]);
  return largest + 1;
}

/**
 * Refuses labels and predictions where their confusion matrix is expected.
 * @throws TypeError with the call that is meant
 */
export function requireMatrix(matrix: ConfusionMatrix): void {
  if (Number.isInteger(matrix?.classes) && matrix.counts?.length !== undefined) return;
  const isArray = Array.isArray(matrix) || ArrayBuffer.isView(matrix);
  const got = isArray ? 'an array' : matrix === undefined ? 'nothing' : `a ${typeof matrix}`;
  throw new TypeError(
    `Expected a confusion matrix, got ${got}. Labels and predictions become one first: accuracy(confusionMatrix(labels, predicted)).`,
  );
}

/** Counts of one class against the rest. */
export interface ClassCounts {
  readonly truePositives: number;
  readonly falseNegatives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
}

/**
 * Reduces a confusion matrix to one class against the rest (specification, section 10).
 * @throws RangeError when the matrix does not have the class
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
