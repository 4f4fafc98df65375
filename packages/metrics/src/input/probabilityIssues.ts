import type { Issue } from '@nonlocal-med/core';

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
