import { InputError, suggestName } from '@nonlocal-med/core';
import type { ExperimentPlan, PlannedRun } from '@nonlocal-med/experiment';

/**
 * The runs of the rows that a user names, separated by commas; all where none are named.
 * @throws InputError for a row that the experiment has not.
 */
export function chooseRows(
  { rows, runs }: ExperimentPlan,
  names: string | undefined,
): readonly PlannedRun[] {
  if (names === undefined) return runs;
  const known = rows.filter(({ reproduced }) => reproduced).map(({ key }) => key);
  const wanted = names.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((name) => {
        const near = suggestName(name, known);
        return {
          path: '--rows',
          message: `there is no row "${name}"`,
          hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${known.join(', ')}`,
        };
      }),
    );
  }
  return runs.filter(({ row }) => wanted.includes(row.key));
}
