import type { Issue } from '@nonlocal-med/core';
import { shortList } from '../../noteText.js';
import type { TableRow } from '../../table/csvRows.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import { splitNameOf } from './splitNames.js';
import { splitValueIssues } from './splitValueIssues.js';

interface SplitColumn {
  /** Index of the column that gives the split; undefined if there is none. */
  readonly index: number | undefined;
  readonly names: readonly string[];
  /** Name of the file. */
  readonly manifest: string;
  readonly options: Pick<ResolvedDataOptions, 'splitColumn'>;
}

/**
 * Checks the column of a manifest that gives the split. A column called subset or partition, which may mean something
 * else, is only used if a value in it is part of a split.
 */
export function readSplitColumn(
  rows: readonly TableRow[],
  { index, names, manifest, options }: SplitColumn,
): {
  readonly index?: number;
  readonly source?: string;
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
} {
  if (index === undefined) return { issues: [], notes: [] };
  const column = names[index];
  const values = new Set(rows.map(({ cells }) => cells[index]));
  const means = [...values].some((value) => splitNameOf(value) !== undefined);
  const certain = options.splitColumn !== undefined || column.trim().toLowerCase() === 'split';
  if (!means && !certain)
    return {
      issues: [],
      notes: [
        `The column "${column}" is not read as a split: its values, such as ${shortList([...values].map((value) => `"${value}"`))}, are not train, validation or test.`,
      ],
    };
  return {
    index,
    source: `the column "${column}" of ${manifest}`,
    issues: splitValueIssues(
      rows.map(({ line, cells }) => ({ value: cells[index], path: `${manifest}:${line}` })),
      { column, hint: 'or --given-split ignore, which splits all images anew' },
    ),
    notes: [],
  };
}
