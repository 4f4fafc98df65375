/** A table of plain text. */
export interface Table {
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right' }[];
  /** Cells of each row, one per column. */
  readonly rows: readonly (readonly string[])[];
}

/** A table whose cells can be emphasized and marked, for Markdown, LaTeX and plain text. */
export interface StyledTable {
  readonly columns: Table['columns'];
  readonly rows: readonly StyledRow[];
}

/** Cells of a row, or a heading above the rows that follow. */
export type StyledRow =
  | { readonly cells: readonly StyledCell[]; readonly heading?: undefined }
  | { readonly heading: string };

/** Text of a cell. */
export interface StyledCell {
  readonly text: string;
  /** Set in bold, for the best value of a column. */
  readonly strong?: boolean;
  /** Superscript after the text: an asterisk, or the letter of a footnote. */
  readonly mark?: string;
}

/** Converts a table of plain text for the renderers of styled tables. */
export function styleTable({ columns, rows }: Table): StyledTable {
  return { columns, rows: rows.map((cells) => ({ cells: cells.map((text) => ({ text })) })) };
}

/** Converts a styled table to plain text: marks follow the text, headings go into the first column. */
export function plainTable({ columns, rows }: StyledTable): Table {
  return {
    columns,
    rows: rows.map((row) =>
      row.heading === undefined
        ? row.cells.map(({ text, mark = '' }) => text + mark)
        : [row.heading, ...columns.slice(1).map(() => '')],
    ),
  };
}

/** Exchanges rows and columns, so that a few models with many metrics fit the width of a terminal. */
export function transposeTable({ columns, rows }: Table): Table {
  const [corner, ...titles] = columns.map(({ title }) => title);
  return {
    columns: [{ title: corner }, ...rows.map(([title]) => ({ title, align: 'right' as const }))],
    rows: titles.map((title, index) => [title, ...rows.map((row) => row[index + 1])]),
  };
}
