import type { Issue } from '@nonlocal-med/core';

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
