import stringWidth from 'string-width';

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly align?: 'left' | 'right';
}

/**
 * Rows under titles, in columns of equal width, as plain text that reads the same on a terminal and in a file. A cell may
 * hold several lines.
 * @throws RangeError when a row has another number of cells than there are columns.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const wrong = rows.find((row) => row.length !== columns.length);
  if (wrong !== undefined)
    throw new RangeError(
      `formatTable: a row has ${wrong.length} cells, the table ${columns.length} columns: ${wrong.join(' | ')}`,
    );
  const lines = [columns.map(({ title }) => title), ...rows.flatMap(splitLines)];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((line) => stringWidth(line[index]))),
  );
  const write = (cells: readonly string[]): string =>
    cells
      .map((cell, index) =>
        columns[index].align === 'right'
          ? padStart(cell, widths[index])
          : padEnd(cell, widths[index]),
      )
      .join('  ')
      .trimEnd();
  return [
    write(lines[0]),
    widths.map((width) => '-'.repeat(width)).join('  '),
    ...lines.slice(1).map(write),
  ].join('\n');
}

function splitLines(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split('\n'));
  return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) =>
    cells.map((cell) => cell[line] ?? ''),
  );
}

const padEnd = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)));
const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
