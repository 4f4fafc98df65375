import { InputError, type Issue, type Predictions, throwIssues } from '@nonlocal-med/core';
import { checkLength, probabilityIssues } from './checkArguments.js';

/**
 * Checks predictions before anything is computed from them. A label of -1 means that the true class is not known.
 * @throws RangeError when the lengths of the arrays do not match
 * @throws InputError that lists fewer than two classes, duplicate classes and ids, labels that are not class indices, and
 * rows that are not distributions, each with the sample's id
 */
export function checkPredictions({
  classes,
  ids,
  labels,
  probabilities,
  groups,
}: Predictions): void {
  checkLength('ids', ids.length, labels.length);
  checkLength('probabilities / classes', probabilities.length / classes.length, labels.length);
  if (groups !== undefined) checkLength('groups', groups.length, labels.length);
  if (classes.length < 2)
    throw new InputError({
      path: 'classes',
      message: `only ${classes.length} given`,
      hint: 'two or more',
    });
  const nameRow = (row: number): string => `sample "${ids[row]}"`;
  const issues: Issue[] = [...duplicates('classes', classes), ...duplicates('ids', ids)];
  labels.forEach((label, i) => {
    if (label < -1 || label >= classes.length)
      issues.push({
        path: nameRow(i),
        message: `${label} is not a class index`,
        hint: `0 to ${classes.length - 1}, or -1 if the true class is not known`,
      });
  });
  throwIssues([...issues, ...probabilityIssues(probabilities, classes.length, nameRow)]);
}

/** One issue for each name that is listed again. */
export function duplicates(path: string, names: readonly string[]): Issue[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    if (seen.has(name)) return [{ path, message: `"${name}" is listed twice` }];
    seen.add(name);
    return [];
  });
}
