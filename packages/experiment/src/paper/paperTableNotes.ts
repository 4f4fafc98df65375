import { paperNotes } from './paperNotes.js';
import type { PaperData, PaperTableName } from './paperTables.js';

/** Footnotes to a whole table of the paper; those of single rows come with {@link paperResult}. */
export function paperTableNotes(table: PaperTableName, data: PaperData): string[] {
  return paperNotes
    .filter(
      (note) =>
        note.tables.includes(table) && (note.data ?? data) === data && note.rows === undefined,
    )
    .map(({ text }) => text);
}
