import type { Issue } from '@nonlocal-med/core';
import { isPlainObject, mergeOptions, omitKeys, type RawOptions } from './mergeOptions.js';

/** Former names of options and their present names, as `section.option`. */
const RENAMED_OPTIONS: Readonly<Record<string, string>> = {
  'engine.engine': 'engine.backend',
  'model.taps': 'model.encoderStages',
  'preprocessing.deviation': 'preprocessing.std',
};

/** A former name that was found in options. */
export interface RenamedOption {
  readonly from: string;
  readonly to: string;
}

/**
 * Options of a run with former names replaced by the present ones. A value given under the present name wins.
 * @returns the options, and which former names they contained
 */
export function upgradeOptions(options: RawOptions): {
  options: RawOptions;
  renamed: RenamedOption[];
} {
  let upgraded = options;
  const renamed: RenamedOption[] = [];
  for (const [from, to] of Object.entries(RENAMED_OPTIONS)) {
    const [section, name] = from.split('.');
    const found = upgraded[section];
    if (!isPlainObject(found) || !Object.hasOwn(found, name)) continue;
    const moved = { [to.split('.')[1]]: found[name] };
    upgraded = { ...upgraded, [section]: mergeOptions(moved, omitKeys(found, name)) };
    renamed.push({ from, to });
  }
  return { options: upgraded, renamed };
}

/** The issue of a former name in options that a user gives. */
export function renamedIssue({ from, to }: RenamedOption): Issue {
  return { path: from, message: 'was renamed', hint: `use ${to}` };
}
