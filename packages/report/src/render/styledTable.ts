/** Text of a cell; `strong` for the best of a column, `mark` raised behind it (an asterisk, letters of footnotes). */
export interface StyledCell {
  readonly text: string;
  readonly strong?: boolean;
  readonly mark?: string;
}

/** Cells of a row, or a heading over the rows that follow. */
export type StyledRow =
  | { readonly cells: readonly StyledCell[]; readonly heading?: undefined }
  | { readonly heading: string };

/** A table that Markdown, LaTeX and plain text can show. */
export interface StyledTable {
  readonly columns: readonly { readonly title: string; readonly align?: 'left' | 'right' }[];
  readonly rows: readonly StyledRow[];
}
