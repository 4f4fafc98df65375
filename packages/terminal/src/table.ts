import stringWidth from 'string-width';

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Default left; numbers are usually aligned right. */
  readonly align?: 'left' | 'right';
}

/**
 * Formats rows under column titles as plain text that reads the same on a terminal and in a file.
 * Wide characters and ANSI colors are measured as displayed.
 * @param rows one cell per column; a cell may hold several lines
 * @throws RangeError if a row has more or fewer cells than there are columns.
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
  const titles = columns.map(({ title }) => title);
  const lines = rows.flatMap(splitLines);
  const widths = columns.map((_, index) =>
    Math.max(...[titles, ...lines].map((line) => stringWidth(line[index]))),
  );
  const write = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index], columns[index].align))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [write(titles), rule, ...lines.map(write)].join('\n');
}

/** A row with multi-line cells as several rows. */
function splitLines(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split('\n'));
  return Array.from({ length: Math.max(...cells.map(({ length }) => length)) }, (_, line) =>
    cells.map((cell) => cell[line] ?? ''),
  );
}

function pad(text: string, width: number, align: Column['align'] = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return align === 'right' ? space + text : text + space;
}
