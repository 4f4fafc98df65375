import type { Table } from '../tables/table.js';
import { flatOptions } from './flatOptions.js';

/** Something with options: a model, or one of its runs. */
export interface NamedOptions {
  readonly title: string;
  readonly options: unknown;
}

/** Options of several runs side by side: those that differ, and those that all share. */
export function optionTable(runs: readonly NamedOptions[]): {
  readonly different: Table;
  readonly equal: Table;
} {
  const flat = runs.map(({ options }) => new Map(flatOptions(options)));
  const paths = [...new Set(flat.flatMap((options) => [...options.keys()]))];
  const valuesAt = (path: string): string[] => flat.map((options) => options.get(path) ?? '-');
  const differs = (path: string): boolean => new Set(valuesAt(path)).size > 1;
  return {
    different: {
      columns: [{ title: 'option' }, ...runs.map(({ title }) => ({ title }))],
      rows: paths.filter(differs).map((path) => [path, ...valuesAt(path)]),
    },
    equal: {
      columns: [{ title: 'option' }, { title: 'value' }],
      rows: paths.filter((path) => !differs(path)).map((path) => [path, valuesAt(path)[0]]),
    },
  };
}
