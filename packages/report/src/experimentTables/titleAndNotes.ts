import type { ExperimentSummary } from '../statistics/experimentSummary.js';
import { hasBest, MINIMUM_REPEATS } from '../statistics/fewRepeats.js';
import { weightsTitle } from '../tables/weightsTitle.js';

/** Marks a statistically significant difference from the baseline. */
export const SIGNIFICANT_MARK = '*';

/** `Ablation on MESSIDOR (table1, data tiny-lesions, last epoch)`. */
export function summaryTitle({ caption, name, data, weights }: ExperimentSummary): string {
  return `${caption} (${name}, data ${data}, ${weightsTitle[weights]})`;
}

/** Whether any row has been compared with its baseline. */
export function hasComparisons({ rows }: ExperimentSummary): boolean {
  return rows.some(({ comparison }) => comparison !== null && comparison.repeats.length > 0);
}

/** A footnote, and the letter that refers to it. */
export interface Footnote {
  readonly mark: string;
  readonly text: string;
}

/** A line below a table, with the mark that it explains, if any. */
export interface NoteLine {
  readonly mark?: string;
  readonly text: string;
}

/** The lines below a table of results: the meaning of its marks, then which runs are missing. */
export function resultNotes(
  { missing, planned, finished, rows }: ExperimentSummary,
  footnotes: readonly Footnote[],
): NoteLine[] {
  const marked = rows.some(
    ({ comparison }) =>
      comparison !== null &&
      Object.values(comparison.metrics).some(({ verdict }) => verdict === 'significant'),
  );
  const compared = rows.filter(({ finished: runs }) => runs > 0);
  const most = Math.max(0, ...compared.map(({ finished: runs }) => runs));
  return [
    ...(compared.length > 1 && !hasBest({ rows })
      ? [
          {
            text: `Too few repeats to name a best model: no value is set in bold${most > 1 && most < MINIMUM_REPEATS ? ', and the values of both repeats are shown' : ''}.`,
          },
        ]
      : []),
    ...(marked
      ? [
          {
            mark: SIGNIFICANT_MARK,
            text: 'Statistically significant difference from the baseline.',
          },
        ]
      : []),
    ...footnotes,
    ...(finished === planned
      ? []
      : [{ text: `This table has ${finished} of ${planned} runs. Missing:` }]),
    ...missing.map((text) => ({ text })),
  ];
}
