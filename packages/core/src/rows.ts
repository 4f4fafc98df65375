import type { Task } from './dataset.js';

/**
 * The probabilities of a model's outputs: the softmax of each row, or the sigmoid of each logit for the task `multilabel`.
 * @param logits [rows, classes] or [rows, findings] in row-major order
 * @param columns number of classes or findings
 * @returns probabilities in the same order
 */
export function logitProbabilities(
  logits: ArrayLike<number>,
  columns: number,
  task: Task = 'multiclass',
): Float64Array {
  return task === 'multilabel' ? sigmoidValues(logits) : softmaxRows(logits, columns);
}

/**
 * Softmax of each row, in 64-bit floating point; rows sum to 1 within the last bit or two.
 * @param logits [rows, classes] in row-major order
 * @returns probabilities, [rows, classes]
 */
export function softmaxRows(logits: ArrayLike<number>, classes: number): Float64Array {
  const probabilities = Float64Array.from(logits);
  for (let start = 0; start < probabilities.length; start += classes) {
    const row = probabilities.subarray(start, start + classes);
    const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let k = 0; k < classes; k++) sum += row[k] = Math.exp(row[k] - largest);
    for (let k = 0; k < classes; k++) row[k] /= sum;
  }
  return probabilities;
}

/** Sigmoid of each logit, in 64-bit floating point. */
function sigmoidValues(logits: ArrayLike<number>): Float64Array {
  // Neither branch overflows or rounds a small probability to 0.
  return Float64Array.from(logits, (x) =>
    x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)),
  );
}

/**
 * Index of the largest value of each row; the first one when several are equal.
 * @param values [rows, columns] in row-major order
 * @returns [rows]
 * @throws RangeError at a NaN, with its index
 */
export function argmaxRows(values: ArrayLike<number>, columns: number): Int32Array {
  return Int32Array.from({ length: values.length / columns }, (_, row) => {
    let best = 0;
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column];
      if (Number.isNaN(value))
        throw new RangeError(
          `The value at [${row}, ${column}] is NaN, so its row has no largest value.`,
        );
      if (value > values[row * columns + best]) best = column;
    }
    return best;
  });
}
