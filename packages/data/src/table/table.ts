/** A row of a table, its header among them. */
export interface TableRow {
  /** Line or row in the file, from 1. */
  readonly line: number;
  /** Trimmed text; numbers as JavaScript writes them. */
  readonly cells: readonly string[];
}
