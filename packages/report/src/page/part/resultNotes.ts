import type { ExperimentSummary } from '../../summary/experimentSummary.js';

/** Footnotes of a table of results. */
export interface ResultNotes {
  /** Numbered, with the rows that they belong to. */
  readonly rows: readonly { readonly keys: readonly string[]; readonly text: string }[];
  /** To the whole table. */
  readonly table: readonly string[];
  /** Whether a row has published numbers. */
  readonly published: boolean;
}

/** The footnotes of a summary: equal ones of several rows are one. */
export function resultNotes({ rows, rules, notes, missing }: ExperimentSummary): ResultNotes {
  const texts = [...new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])))];
  return {
    rows: texts.map((text) => ({
      text,
      keys: rows.filter(({ note }) => note === text).map(({ key }) => key),
    })),
    table: [...rules, ...notes, ...missing.map((text) => `Not in the table: ${text}.`)],
    published: rows.some(({ published }) => published !== null),
  };
}
