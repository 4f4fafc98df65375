import { plainTable } from '../render/plainTable.js';
import type { StyledTable } from '../render/styledTable.js';
import { wrapText } from '../render/wrapText.js';
import type { Table } from '../tables/table.js';
import { differenceTable } from './differenceTable.js';
import type { ExperimentSummary } from './experimentSummary.js';
import { intervalTable } from './intervalTable.js';
import { resultTable } from './resultTable.js';
import { type FootLine, summaryFoot } from './summaryFoot.js';
import { summaryMetrics } from './summaryMetrics.js';
import { summaryTitle } from './summaryTitle.js';

/** How text is set: `formatTable` of `@nonlocal-med/terminal`, or one like it, and the width of lines. */
export interface TextOptions {
  readonly formatTable: (columns: Table['columns'], rows: Table['rows']) => string;
  readonly width?: number;
}

/** Width of row titles where other columns are as wide as they get. */
const TITLES = 20;

/** A summary for a terminal of 80 columns: results with the published ones in brackets below, differences, notes. */
export function summaryToText(
  summary: ExperimentSummary,
  { formatTable, width = 80 }: TextOptions,
): string {
  const metrics = summaryMetrics.slice(0, 4);
  const results = resultTable(summary, { metrics, published: 'below' });
  const compared = summary.rows.some(
    ({ comparison }) => comparison !== null && comparison.repeats.length > 0,
  );
  const quoted = summary.rows.some(({ published }) => published !== null);
  const format = (table: StyledTable, titles = TITLES): string => {
    const { columns, rows } = plainTable(table);
    return formatTable(
      columns,
      rows.map(([title, ...cells]) => [wrapText(title, titles).join('\n '), ...cells]),
    );
  };
  const lines = (foot: readonly FootLine[]): string =>
    foot.flatMap((line) => footLines(line, width)).join('\n');
  return [
    wrapText(summaryTitle(summary), width).join('\n'),
    format(results, width),
    lines([
      ...(quoted ? [{ text: 'In brackets: published. ACC ovr: one-vs-rest.' }] : []),
      ...summaryFoot(summary, results.footnotes),
    ]),
    ...(compared
      ? metrics.map(
          (metric) =>
            `${metric.title}, differences in points\n${format(differenceTable(summary, metric))}`,
        )
      : []),
    format(intervalTable(summary, metrics)),
    lines([...summary.rules, ...summary.notes].map((text) => ({ text: `- ${text}` }))),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function footLines({ mark, text }: FootLine, width: number): string[] {
  const shown = mark === undefined ? text : `${/[a-z]/.test(mark) ? `[${mark}]` : mark} ${text}`;
  return wrapText(shown, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}
