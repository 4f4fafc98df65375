import type { StyledCell } from '../render/styledTable.js';
import type { ExperimentSummary, RowSummary } from './experimentSummary.js';
import type { SummaryMetricInfo } from './summaryMetrics.js';

/** One row of a table of results. */
export interface ResultRow {
  readonly group: string | null;
  /** With the letter of its footnote. */
  readonly title: StyledCell;
  /** By metric: ours, and the published number where the metric has one. */
  readonly cells: readonly { readonly ours: StyledCell; readonly published: string | null }[];
}

/** Rows of a table of results with the letters of their footnotes. */
export interface ResultRows {
  readonly rows: readonly ResultRow[];
  readonly footnotes: readonly { readonly mark: string; readonly text: string }[];
}

/** Marks a difference from the baseline that is more than noise. */
export const DIFFERENCE_MARK = '*';

/** What each row shows: mean ± deviation in percent, the best of each metric strong, differences that are more than noise marked. */
export function resultRows(
  { rows }: ExperimentSummary,
  metrics: readonly SummaryMetricInfo[],
): ResultRows {
  const texts = [...new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])))];
  const footnotes = texts.map((text, i) => ({ mark: String.fromCharCode(97 + i), text }));
  const best = metrics.map(({ name }) => bestMean(rows.map((row) => row.metrics[name].mean)));
  return {
    footnotes,
    rows: rows.map((row) => ({
      group: row.group,
      title: { text: titleText(row), mark: footnotes.find(({ text }) => text === row.note)?.mark },
      cells: metrics.map((metric, m) => ({
        ours: resultCell(row, metric, best[m]),
        published: metric.published === null ? null : publishedText(row, metric.published),
      })),
    })),
  };
}

function titleText({ title, reproduced, planned, finished }: RowSummary): string {
  if (!reproduced) return `${title} (reported)`;
  return finished === planned ? title : `${title} (${finished} of ${planned} runs)`;
}

function resultCell(
  { metrics, comparison }: RowSummary,
  { name, percent }: SummaryMetricInfo,
  best: number | null,
): StyledCell {
  const { mean, deviation } = metrics[name];
  if (mean === null) return { text: '-' };
  const [scale, digits] = percent ? [100, 2] : [1, 3];
  const spread = deviation === null ? '' : ` ± ${(scale * deviation).toFixed(digits)}`;
  const differs = comparison?.metrics[name].verdict === 'more than noise';
  return {
    text: `${(scale * mean).toFixed(digits)}${spread}`,
    strong: mean === best,
    ...(differs ? { mark: DIFFERENCE_MARK } : {}),
  };
}

function publishedText({ published }: RowSummary, column: 'AUC' | 'SEN' | 'ACC'): string {
  return published === null
    ? '-'
    : `${published[column][0].toFixed(2)} ± ${published[column][1].toFixed(2)}`;
}

/** The largest mean; none where there is nothing to be better than. */
function bestMean(means: readonly (number | null)[]): number | null {
  const defined = means.filter((mean) => mean !== null);
  return defined.length < 2 ? null : Math.max(...defined);
}
