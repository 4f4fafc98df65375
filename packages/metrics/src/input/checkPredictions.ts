import { type Fault, InputError, type Predictions, throwFaults } from '@nonlocal-med/core';
import { checkLength } from './checkLength.js';
import { probabilityFaults } from './probabilityFaults.js';

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
      where: 'classes',
      what: `only ${classes.length} given`,
      allowed: 'two or more',
    });
  const nameRow = (row: number): string => `sample "${ids[row]}"`;
  const faults: Fault[] = [...repeats('classes', classes), ...repeats('ids', ids)];
  labels.forEach((label, i) => {
    if (label < -1 || label >= classes.length)
      faults.push({
        where: nameRow(i),
        what: `${label} is not a class index`,
        allowed: `0 to ${classes.length - 1}, or -1 where the truth is not known`,
      });
  });
  throwFaults([...faults, ...probabilityFaults(probabilities, classes.length, nameRow)]);
}

function repeats(where: string, names: readonly string[]): Fault[] {
  const seen = new Set<string>();
  return names.flatMap((name) => {
    if (seen.has(name)) return [{ where, what: `"${name}" stands twice`, allowed: 'each once' }];
    seen.add(name);
    return [];
  });
}
