import { InputError, type Issue, type Predictions, throwIssues } from '@nonlocal-med/core';
import { checkLength, probabilityIssues } from './checkArguments.js';

/**
 * Checks what a classifier said before anything is computed from it; a label of -1 means that the truth is not known.
 *
 * @throws RangeError when the arrays do not belong together.
 * @throws InputError that lists fewer than two classes, repeated classes and ids, labels that are no class, NaN and
 * rows that are no distribution, each with its id.
 */
export function checkPredictions({ classes, ids, labels, probabilities }: Predictions): void {
  checkLength('ids', ids.length, labels.length);
  checkLength('probabilities / classes', probabilities.length / classes.length, labels.length);
  if (classes.length < 2)
    throw new InputError({
      path: 'classes',
      message: `only ${classes.length} given`,
      hint: 'two or more',
    });
  const nameRow = (row: number): string => `sample "${ids[row]}"`;
  const issues: Issue[] = [...repeats('classes', classes), ...repeats('ids', ids)];
  labels.forEach((label, i) => {
    if (label < -1 || label >= classes.length)
      issues.push({
        path: nameRow(i),
        message: `${label} is not a class index`,
        hint: `0 to ${classes.length - 1}, or -1 path the truth is not known`,
      });
  });
  throwIssues([...issues, ...probabilityIssues(probabilities, classes.length, nameRow)]);
}

function repeats(path: string, names: readonly string[]): Issue[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    if (seen.has(name))
      return [{ path: path, message: `"${name}" stands twice`, hint: 'each once' }];
    seen.add(name);
    return [];
  });
}
