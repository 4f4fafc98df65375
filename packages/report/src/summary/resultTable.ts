import type { StyledCell, StyledRow, StyledTable } from '../render/styledTable.js';
import { wrapText } from '../render/wrapText.js';
import type { ExperimentSummary } from './experimentSummary.js';
import type { ResultRow, ResultRows } from './resultRows.js';
import { resultRows } from './resultRows.js';
import type { SummaryMetricInfo } from './summaryMetrics.js';

/** How a table of results is laid out. */
export interface ResultLayout {
  readonly metrics: readonly SummaryMetricInfo[];
  /** Published numbers `beside` ours in columns of their own, or `below` them in brackets, which fits 80 columns. */
  readonly published: 'beside' | 'below';
  /** Short titles of columns; always where published numbers are below. */
  readonly narrow?: boolean;
}

/** The table of an experiment: one row a model, mean ± deviation of each metric, the published numbers with them. */
export function resultTable(
  summary: ExperimentSummary,
  { metrics, published, narrow = published === 'below' }: ResultLayout,
): StyledTable & Pick<ResultRows, 'footnotes'> {
  const { rows, footnotes } = resultRows(summary, metrics);
  const shown = metrics.map((_, m) =>
    rows.some(({ cells }) => cells[m].published !== null && cells[m].published !== '-'),
  );
  const layout = published === 'beside' ? beside : below;
  const titles = ({ title, short, published: column }: SummaryMetricInfo, m: number): string[] => {
    if (published === 'below') return [`${short} `];
    return [narrow ? short : title, ...(shown[m] ? [narrow ? 'paper' : `${column}, paper`] : [])];
  };
  return {
    columns: [
      { title: '' },
      ...metrics.flatMap(titles).map((title) => ({ title, align: 'right' as const })),
    ],
    rows: rows.flatMap((row, i): StyledRow[] => [
      ...heading(row, rows[i - 1]),
      { cells: layout(row, shown) },
    ]),
    footnotes,
  };
}

function heading({ group }: ResultRow, above: ResultRow | undefined): StyledRow[] {
  return group === null || group === above?.group ? [] : [{ heading: group }];
}

function beside({ title, cells }: ResultRow, shown: readonly boolean[]): StyledCell[] {
  return [
    title,
    ...cells.flatMap(({ ours, published }, m) =>
      shown[m] ? [ours, { text: published ?? '-' }] : [ours],
    ),
  ];
}

/** Width of the titles where four metrics of 14 characters are to fit 80 columns. */
const TITLE_WIDTH = 17;

function below({ title, cells }: ResultRow, shown: readonly boolean[]): StyledCell[] {
  const lines = wrapText(
    title.text + (title.mark === undefined ? '' : ` [${title.mark}]`),
    TITLE_WIDTH - 1,
  );
  return [
    { text: lines.map((line, i) => (i === 0 ? line : ` ${line}`)).join('\n') },
    ...cells.map(({ ours, published }, m) => ({
      text: `${ours.text}${ours.mark ?? ' '}${shown[m] ? `\n(${published ?? '-'})` : ''}`,
    })),
  ];
}
