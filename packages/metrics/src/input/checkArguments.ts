import { type Issue, throwIssues } from '@nonlocal-med/core';

/** @throws RangeError when an array does not have one entry per sample */
export function checkLength(name: string, actual: number, expected: number): void {
  if (actual !== expected)
    throw new RangeError(`${name} has ${actual} entries, expected ${expected}: one per sample.`);
}

/**
 * Refuses arguments that are missing or not arrays, which JavaScript would report as a property of undefined.
 * @param call how the function is called: `rocAuc(labels, probabilities)`
 * @throws TypeError that names the argument, what was given, and the call
 */
export function requireArrays(call: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    const isArray = Array.isArray(value) || ArrayBuffer.isView(value);
    if (isArray) continue;
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    throw new TypeError(`${call}: expected an array of numbers as ${name}, got ${got}.`);
  }
}

/** @throws RangeError when a confidence level is not strictly between 0 and 1 */
export function checkConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(
      `A confidence level must be between 0 and 1, for example 0.95; got ${confidence}.`,
    );
}

/**
 * Checks labels and scores of two classes, each [count]. Infinite scores are allowed: they have an order, NaN does not.
 * @throws RangeError when lengths differ
 * @throws InputError that lists every label other than 0 and 1 and every score that is NaN, with its index
 */
export function checkBinary(
  labels: ArrayLike<number>,
  scores: ArrayLike<number>,
  name = 'scores',
): void {
  checkLength(name, scores.length, labels.length);
  const issues: Issue[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1)
      issues.push({
        path: `labels[${i}]`,
        message: `${labels[i]} is not a two-class label`,
        hint: '0 (negative) or 1 (positive)',
      });
    if (Number.isNaN(scores[i]))
      issues.push({ path: `${name}[${i}]`, message: 'the score is NaN', hint: 'any other number' });
  }
  throwIssues(issues);
}

/** One issue for each label that is not a class index. */
export function labelIssues(labels: ArrayLike<number>, classes: number, name = 'labels'): Issue[] {
  const issues: Issue[] = [];
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      issues.push({
        path: `${name}[${i}]`,
        message: `${label} is not a class index`,
        hint: `integers from 0 to ${classes - 1}`,
      });
    }
  }
  return issues;
}

/** How far the sum of a row may be from 1: rows of a float32 softmax stay within 1e-6, logits do not. */
const SUM_TOLERANCE = 1e-5;

/**
 * One issue for each row that is not a distribution over the classes: a value outside [0, 1], or a sum other than 1.
 * Rows are never normalized: what does not sum to 1 is not a probability.
 * @param probabilities [rows, classes] in row-major order
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
