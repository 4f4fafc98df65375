import type { Issue } from '@nonlocal-med/core';

/** One issue for each label that is not 0 or 1 and each score that is not a number (infinities have an order, NaN has none). */
export function binaryIssues(
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
