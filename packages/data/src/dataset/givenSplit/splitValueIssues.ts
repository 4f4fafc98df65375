import { type Issue, unknownName } from '@nonlocal-med/core';
import { countOf } from '../../noteText.js';
import { groupBy } from '../groupBy.js';
import { knownSplitNames, splitNameOf } from './splitNames.js';

/** A cell of a column that gives the split, and its line. */
interface SplitCell {
  readonly value: string;
  readonly path: string;
}

/**
 * The values of a split column that are not part of a split: one issue per value with the number of its lines, and one
 * for empty cells.
 *
 * @param options.hint what to do if the column is not meant as a split
 */
export function splitValueIssues(
  cells: readonly SplitCell[],
  { column, hint }: { readonly column: string; readonly hint: string },
): Issue[] {
  const wrong = groupBy(
    cells.filter(({ value }) => splitNameOf(value) === undefined),
    ({ value }) => value,
  );
  return [...wrong].map(([value, [{ path }, ...others]]): Issue => {
    const lines = others.length === 0 ? '' : ` (${countOf(others.length + 1, 'line')})`;
    if (value === '')
      return {
        path,
        message: `the column "${column}" is empty${lines}`,
        hint: `every image needs its part of the split: training, validation or test; ${hint}`,
      };
    const issue = unknownName({ path, kind: 'split', name: value, known: knownSplitNames });
    return {
      path,
      message: `the column "${column}" has the unknown value "${value}"${lines}`,
      hint: `${/^\D/.test(value) ? issue.hint : `known: ${knownSplitNames.join(', ')}`}; ${hint}`,
    };
  });
}
