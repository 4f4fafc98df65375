import type { Issue } from './errors.js';

/** A number with its noun: `1 image`, `3 images`. @param plural default: the noun with an `s` */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** A number of bytes in binary units with three significant digits: `512 B`, `1.50 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  // From 1000 of a unit, the next one is used (0.977 KiB), since four digits do not fit.
  const power = Math.min(units.length - 1, Math.floor(Math.log(bytes * 1.024) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toPrecision(3)} ${units[power]}`;
}

/**
 * The issue for an unknown name, with the nearest known name as a suggestion.
 * @param options.path where the name was given: an option, a file or a column
 * @param options.kind what the name refers to, e.g. `model`
 */
export function unknownName({
  path,
  kind,
  name,
  known,
}: {
  path: string;
  kind: string;
  name: string;
  known: Iterable<string>;
}): Issue {
  const names = [...known];
  const near = suggestName(name, names);
  return {
    path,
    message: `unknown ${kind} "${name}"`,
    hint: `${near === undefined ? '' : `did you mean "${near}"? `}known: ${names.join(', ')}`,
  };
}

/** The candidate nearest to a mistyped name, if one is within an edit distance of a third of its length or 2. */
export function suggestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)),
      );
    }
    row = next;
  }
  return row[b.length];
}

/** A text, such as a path, as one word of a shell command. */
export function quoteForShell(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
