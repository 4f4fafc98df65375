import { isPlainObject, type RunConfig } from '@nonlocal-med/pipeline';

/** One option with two values. */
export interface OptionDifference {
  /** Dotted path. */
  readonly path: string;
  readonly before: string;
  readonly now: string;
}

/** Sections that change no result, or only its last bits. */
const INDIFFERENT: readonly string[] = ['loader', 'engine'];

/** In which options that decide a result a run on disk differs from one that is planned. */
export function optionDifferences(before: unknown, now: RunConfig): OptionDifference[] {
  return compare(strip(before), strip(now), '');
}

/** As it looks after its way through a file. */
const strip = (config: unknown): unknown =>
  Object.fromEntries(
    Object.entries(JSON.parse(JSON.stringify(config ?? {})) as object).filter(
      ([section]) => !INDIFFERENT.includes(section),
    ),
  );

function compare(before: unknown, now: unknown, path: string): OptionDifference[] {
  if (isPlainObject(before) && isPlainObject(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return names.flatMap((name) =>
      compare(before[name], now[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [a, b] = [JSON.stringify(before) ?? 'unset', JSON.stringify(now) ?? 'unset'];
  return a === b ? [] : [{ path, before: a, now: b }];
}
