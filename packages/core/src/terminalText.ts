import { quoteForShell } from './messages.js';

/** Columns of a terminal that every text fits. */
const COLUMNS = 80;

/** Lines that a user copies: a command, or the options of one. */
const COPIED = /^\s*(pnpm|(npx )?nonlocal-med|--\w)/;

/**
 * Breaks lines between words so that they fit a terminal; further lines are indented like the first. Lines that begin with
 * a command or with an option stay whole, so that they can be copied, and so does a word that is too long.
 * @example
 * ```ts
 * import { wrapText } from '@nonlocal-med/core';
 *
 * console.log(wrapText('  one two three', 10).split('\n').length); // 2
 * ```
 */
export function wrapText(text: string, columns = COLUMNS): string {
  return text
    .split('\n')
    .flatMap((line) => (COPIED.test(line) ? [line] : wrapLine(line, columns)))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  if (line.length <= columns) return [line];
  const indent = /^\s*/.exec(line)![0];
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(' ')) {
    const longer = current === '' ? indent + word : `${current} ${word}`;
    if (current !== '' && longer.length > columns) {
      lines.push(current);
      current = indent + word;
    } else current = longer;
  }
  return [...lines, current];
}

/**
 * What a user types to run a command: `pnpm --filter eval start report runs/a` from the root of the repository, or
 * `npx nonlocal-med report runs/a` where the published program runs, which names itself in `NONLOCAL_MED_COMMAND`.
 * @param command one or more words, such as `data check`
 * @param words options and arguments, quoted where a shell needs it
 */
export function commandLine(
  app: 'trainer' | 'eval',
  command: string,
  ...words: readonly string[]
): string {
  // Browsers have no process.
  const published = globalThis.process?.env.NONLOCAL_MED_COMMAND;
  const program = published ?? `pnpm --filter ${app} start`;
  return [program, command, ...words.map(quoteForShell)].join(' ');
}
