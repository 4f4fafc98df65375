import type { Table } from '../tables/table.js';

/** Something with options, such as a model. */
export interface NamedOptions {
  readonly title: string;
  readonly options: unknown;
}

/** Compares the options of several runs: a table of those that differ, and one of those that all share. */
export function compareOptions(runs: readonly NamedOptions[]): {
  readonly different: Table;
  readonly equal: Table;
} {
  const flat = runs.map(({ options }) => new Map(flattenOptions(options)));
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

/** Flattens nested options to dotted paths and values in their order: `training.schedule.kind` -> `constant`. */
export function flattenOptions(value: unknown, path = ''): [path: string, value: string][] {
  if (Array.isArray(value)) return [[path, listText(value)]];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) =>
      flattenOptions(inner, path === '' ? key : `${path}.${key}`),
    );
  return [[path, withoutFolders(String(value))]];
}

/** The last part of an absolute path: a page is shared, and where files are on a computer may tell names. */
const withoutFolders = (text: string): string =>
  /^(?:[a-z]:)?[\\/]./i.test(text)
    ? `.../${text.split(/[\\/]/).findLast((part) => part !== '') ?? ''}`
    : text;

function listText(list: readonly unknown[]): string {
  if (list.length === 0) return 'none';
  return list.every((item) => typeof item !== 'object') ? list.join(', ') : JSON.stringify(list);
}
