import type { PublishedResult } from '@nonlocal-med/runs';
import { type PaperData, paperNotes, type PaperTableName, paperTables } from './paperTables.js';

/** A row of a table of the paper. */
export interface PaperResult {
  readonly published: PublishedResult;
  /** False for a row that can only be quoted (HyNet). */
  readonly reproduced: boolean;
  /** What to know of these numbers. */
  readonly note?: string;
}

/**
 * What the paper prints for a row, with the footnote that belongs to it; null where it has no such row.
 * @param row key as in {@link paperTables}: `resnet18-nla`, `encoder2`, `hynet`
 */
export function paperResult(
  table: PaperTableName,
  data: PaperData,
  row: string,
): PaperResult | null {
  const results = paperTables[table].results[data];
  if (results === undefined || !Object.hasOwn(results, row)) return null;
  const note = paperNotes
    .filter(
      (note) =>
        note.tables.includes(table) &&
        (note.data ?? data) === data &&
        note.rows?.includes(row) === true,
    )
    .map(({ text }) => text)
    .join(' ');
  return { published: results[row], reproduced: row !== 'hynet', ...(note === '' ? {} : { note }) };
}

/** Footnotes to a whole table of the paper; those of single rows come with {@link paperResult}. */
export function paperTableNotes(table: PaperTableName, data: PaperData): string[] {
  return paperNotes
    .filter(
      (note) =>
        note.tables.includes(table) && (note.data ?? data) === data && note.rows === undefined,
    )
    .map(({ text }) => text);
}
