import type { PublishedResult } from '@nonlocal-med/runs';
import { type PaperData, paperNotes, type PaperTableName, paperTables } from './paperTables.js';

/** A row of a table of the paper. */
export interface PaperResult {
  readonly published: PublishedResult;
  /** False for a row that can only be quoted (HyNet). */
  readonly reproduced: boolean;
  /** A footnote to these numbers. */
  readonly note?: string;
}

/**
 * The published numbers of a row, with their footnote; null if the paper has no such row.
 * @param row key as in {@link paperTables}: `resnet18-nla`, `encoder2`, `hynet`
 */
export function paperResult(
  table: PaperTableName,
  data: PaperData,
  row: string,
): PaperResult | null {
  const results = paperTables[table].results[data];
  if (results === undefined || !Object.hasOwn(results, row)) return null;
  const note = notesOf(table, data, (rows) => rows?.includes(row) === true).join(' ');
  return { published: results[row], reproduced: row !== 'hynet', ...(note === '' ? {} : { note }) };
}

/** Footnotes to a whole table of the paper; {@link paperResult} has those of single rows. */
export function paperTableNotes(table: PaperTableName, data: PaperData): string[] {
  return notesOf(table, data, (rows) => rows === undefined);
}

function notesOf(
  table: PaperTableName,
  data: PaperData,
  concerns: (rows: readonly string[] | undefined) => boolean,
): string[] {
  return paperNotes
    .filter((note) => note.tables.includes(table) && (note.data ?? data) === data)
    .filter(({ rows }) => concerns(rows))
    .map(({ text }) => text);
}
