import type { ExperimentSummary } from './experimentSummary.js';
import { DIFFERENCE_MARK, type ResultRows } from './resultRows.js';

/** A line below a table; with the mark it explains. */
export interface FootLine {
  readonly mark?: string;
  readonly text: string;
}

/** What stands right below a table of results: marks and footnotes, then which runs are missing. */
export function summaryFoot(
  { missing, planned, finished, rows }: ExperimentSummary,
  footnotes: ResultRows['footnotes'],
): FootLine[] {
  const marked = rows.some(
    ({ comparison }) =>
      comparison !== null &&
      Object.values(comparison.metrics).some(({ verdict }) => verdict === 'more than noise'),
  );
  return [
    ...(marked
      ? [{ mark: DIFFERENCE_MARK, text: 'Differs from its baseline by more than noise.' }]
      : []),
    ...footnotes,
    ...(finished === planned
      ? []
      : [{ text: `${finished} of ${planned} runs are in this table; not in it:` }]),
    ...missing.map((text) => ({ text })),
  ];
}
