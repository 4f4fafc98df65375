import { type Issue, throwIssues } from '@nonlocal-med/core';

/** @throws RangeError when an array has not one entry for each sample. */
export function checkLength(name: string, actual: number, expected: number): void {
  if (actual !== expected)
    throw new RangeError(
      `${name} has ${actual} entries, expected ${expected}: one for each sample.`,
    );
}

/** @throws RangeError when a confidence level is not strictly between 0 and 1. */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`A confidence level is between 0 and 1, such as 0.95; got ${confidence}.`);
}

/**
 * @throws RangeError when lengths differ.
 * @throws InputError that lists every label other than 0 and 1 and every score that is NaN, with its index.
 */
export function checkBinary(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  name = 'scores',
): void {
  checkLength(name, scores.length, labels.length);
  throwIssues(binaryIssues(labels, scores, name));
}

/** One issue for each label that is not 0 or 1 and each score that is not a number (infinities have an order, NaN has none). */
function binaryIssues(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  name = 'scores',
): Issue[] {
  const issues: Issue[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      issues.push({
        path: `labels[${i}]`,
        message: `${labels[i]} is not a two-class label`,
        hint: '0 (negative) or 1 (positive)',
      });
    if (Number.isNaN(scores[i]))
      issues.push({
        path: `${name}[${i}]`,
        message: 'the score is NaN',
        hint: 'numbers that have an order',
      });
  }
  return issues;
}

/** One issue for each entry that is not a class index. */
export function labelIssues(labels: ArrayLike<number>, classes: number, name = 'labels'): Issue[] {
  const issues: Issue[] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      issues.push({
        path: `${name}[${i}]`,
        message: `${label} is not a class index`,
        hint: `whole numbers from 0 to ${classes - 1}`,
      });
    }
  }
  return issues;
}

/** How far a row of probabilities may sum from 1: float32 softmax stays within 1e-6, logits do not. */
const SUM_TOLERANCE = 1e-5;

/**
 * One issue for each row that is not a distribution over the classes: a value that is not a number from 0 to 1, or a
 * sum that is not 1. Rows are never normalised: what does not sum to 1 is not a probability.
 */
export function probabilityIssues(
  probabilities: ArrayLike<number>,
  classes: number,
  nameRow: (row: number) => string = (row) => `probabilities[${row}]`,
): Issue[] {
  const issues: Issue[] = [];
  for (let row = 0; row * classes < probabilities.length; row++) {
    let sum = 0;
    let wrong = -1;
    for (let c = classes - 1; c >= 0; c--) {
      const value = probabilities[row * classes + c];
      if (!(value >= 0 && value <= 1)) wrong = c;
      sum += value;
    }
    if (wrong >= 0) {
      issues.push({
        path: nameRow(row),
        message: `${probabilities[row * classes + wrong]} for class ${wrong} is not a probability`,
        hint: 'numbers from 0 to 1',
      });
    } else if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      issues.push({
        path: nameRow(row),
        message: `the probabilities sum to ${sum}`,
        hint: `1 within ${SUM_TOLERANCE}; apply a softmax to logits first`,
      });
    }
  }
  return issues;
}
