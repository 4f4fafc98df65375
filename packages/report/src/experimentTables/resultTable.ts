import wrapAnsi from 'wrap-ansi';
import type { ExperimentSummary, RowSummary } from '../statistics/experimentSummary.js';
import { hasBest, MINIMUM_REPEATS } from '../statistics/fewRepeats.js';
import { metricsOfFindings, type SummaryMetricInfo } from '../statistics/summaryMetrics.js';
import type { StyledCell, StyledRow, StyledTable } from '../tables/table.js';
import { type Footnote, SIGNIFICANT_MARK } from './titleAndNotes.js';

/** How a table of results is laid out. */
export interface ResultLayout {
  readonly metrics: readonly SummaryMetricInfo[];
  /** Published results `beside` ours in separate columns, or `below` ours in brackets, which fits 80 columns. */
  readonly published: 'beside' | 'below';
  /** Whether columns have short titles; always true with published results below. */
  readonly narrow?: boolean;
}

/**
 * The table of an experiment: one row per model, mean ± standard deviation of each metric with the published results.
 * With two repeats both values are shown instead. From five repeats of every row on the best mean of a metric is set in
 * bold. Significant differences from the baseline are marked.
 */
export function resultTable(
  summary: ExperimentSummary,
  { metrics, published, narrow = published === 'below' }: ResultLayout,
): StyledTable & { readonly footnotes: readonly Footnote[] } {
  const footnotes = footnotesOf(summary);
  const rows = resultRows(summary, { metrics, footnotes });
  const isPublished = metrics.map((_, m) =>
    rows.some(({ cells }) => cells[m].published !== null && cells[m].published !== '-'),
  );
  const layOut = published === 'beside' ? layOutBeside : layOutBelow;
  const titles = ({ title, short, published: column }: SummaryMetricInfo, m: number): string[] => {
    if (published === 'below') return [`${short} `];
    const paper = narrow ? 'paper' : `${column}, paper`;
    return [narrow ? short : title, ...(isPublished[m] ? [paper] : [])];
  };
  return {
    columns: [
      { title: '' },
      ...metrics.flatMap(titles).map((title) => ({ title, align: 'right' as const })),
    ],
    rows: rows.flatMap((row, i): StyledRow[] => {
      const cells = { cells: layOut(row, isPublished) };
      const { group } = row;
      return group === null || group === rows[i - 1]?.group ? [cells] : [{ heading: group }, cells];
    }),
    footnotes,
  };
}

/** Findings per table, so that it fits 80 columns. */
const FINDINGS_PER_TABLE = 4;

/** The AUC of each finding in tables of a few findings each, one row per model; none for classes. */
export function findingTables(summary: ExperimentSummary): StyledTable[] {
  const findings = metricsOfFindings(summary);
  const rows = summary.rows.filter(({ reproduced }) => reproduced);
  const count = Math.ceil(findings.length / FINDINGS_PER_TABLE);
  return Array.from({ length: count }, (_, i) =>
    resultTable(
      { ...summary, rows: rows.map((row) => ({ ...row, note: null })) },
      {
        metrics: findings.slice(i * FINDINGS_PER_TABLE, (i + 1) * FINDINGS_PER_TABLE),
        published: 'beside',
        narrow: true,
      },
    ),
  );
}

/** The contents of a row, before they are laid out in columns. */
interface ResultRow {
  readonly group: string | null;
  /** With the letter of its footnote. */
  readonly title: StyledCell;
  /** One per metric. Published results are null for a metric that the paper does not report. */
  readonly cells: readonly { readonly ours: StyledCell; readonly published: string | null }[];
}

function layOutBeside({ title, cells }: ResultRow, isPublished: readonly boolean[]): StyledCell[] {
  return [
    title,
    ...cells.flatMap(({ ours, published }, m) =>
      isPublished[m] ? [ours, { text: published ?? '-' }] : [ours],
    ),
  ];
}

/** Width of row titles that leaves room for four metrics of 14 characters in 80 columns. */
const TITLE_WIDTH = 17;

function layOutBelow({ title, cells }: ResultRow, isPublished: readonly boolean[]): StyledCell[] {
  const text = title.mark === undefined ? title.text : `${title.text} [${title.mark}]`;
  return [
    { text: wrapAnsi(text, TITLE_WIDTH - 1).replaceAll('\n', '\n ') },
    ...cells.map(({ ours, published }, m) => ({
      text: `${ours.text}${ours.mark ?? ' '}${isPublished[m] ? `\n(${published ?? '-'})` : ''}`,
    })),
  ];
}

/** The notes of the rows with a letter each; rows with the same note share it. */
function footnotesOf({ rows }: ExperimentSummary): Footnote[] {
  const notes = new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])));
  return [...notes].map((text, i) => ({ mark: String.fromCharCode(97 + i), text }));
}

function resultRows(
  summary: ExperimentSummary,
  { metrics, footnotes }: { metrics: readonly SummaryMetricInfo[]; footnotes: readonly Footnote[] },
): ResultRow[] {
  const { rows } = summary;
  const best = metrics.map(({ name }) =>
    hasBest(summary) ? bestMean(rows.map((row) => row.metrics[name].mean)) : null,
  );
  return rows.map((row) => ({
    group: row.group,
    title: { text: titleText(row), mark: footnotes.find(({ text }) => text === row.note)?.mark },
    cells: metrics.map((metric, m) => ({
      ours: resultCell(row, metric, best[m]),
      published: metric.published === null ? null : publishedText(row, metric.published),
    })),
  }));
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
  const { mean, standardDeviation, values } = metrics[name];
  if (mean === null) return { text: '-' };
  const [scale, digits] = percent ? [100, 2] : [1, 3];
  const format = (value: number): string => (scale * value).toFixed(digits);
  const spread = standardDeviation === null ? '' : ` ± ${format(standardDeviation)}`;
  const known = values.filter((value) => value !== null);
  const isFew = known.length > 1 && known.length < MINIMUM_REPEATS;
  const significant = comparison?.metrics[name].verdict === 'significant';
  return {
    text: isFew ? known.map(format).join(', ') : `${format(mean)}${spread}`,
    strong: mean === best,
    mark: significant ? SIGNIFICANT_MARK : undefined,
  };
}

function publishedText({ published }: RowSummary, column: 'AUC' | 'SEN' | 'ACC'): string {
  if (published === null) return '-';
  const [mean, standardDeviation] = published[column];
  return `${mean.toFixed(2)} ± ${standardDeviation.toFixed(2)}`;
}

/** The largest mean; null if there is nothing to compare it with. */
function bestMean(means: readonly (number | null)[]): number | null {
  const defined = means.filter((mean) => mean !== null);
  return defined.length < 2 ? null : Math.max(...defined);
}
