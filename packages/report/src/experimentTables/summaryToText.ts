import wrapAnsi from 'wrap-ansi';
import type { ExperimentSummary } from '../statistics/experimentSummary.js';
import { cautionText } from '../statistics/resultCautions.js';
import { mainMetrics } from '../statistics/summaryMetrics.js';
import { readersTable } from '../tables/readersTable.js';
import { plainTable, type StyledTable, type Table } from '../tables/table.js';
import { differenceTable } from './differenceTable.js';
import { intervalTable } from './intervalTable.js';
import { operatingTable, operatingText } from './operatingTable.js';
import { outOfFoldTables } from './outOfFoldTable.js';
import { findingTables, resultTable } from './resultTable.js';
import { hasComparisons, type NoteLine, resultNotes, summaryTitle } from './titleAndNotes.js';

/** How text is set in a terminal. */
export interface TextOptions {
  /** Lays out columns: `formatTable` of `@nonlocal-med/terminal`, or a function like it. */
  readonly formatTable: (columns: Table['columns'], rows: Table['rows']) => string;
  /** Width of lines in characters; default 80. */
  readonly width?: number;
}

/** Width of row titles in tables whose other columns are at their widest. */
const TITLE_WIDTH = 20;

/** Renders a summary for a terminal: results with the published ones below in brackets, differences, intervals, notes. */
export function summaryToText(
  summary: ExperimentSummary,
  { formatTable, width = 80 }: TextOptions,
): string {
  const format = (table: StyledTable, titleWidth = TITLE_WIDTH): string => {
    const { columns, rows } = plainTable(table);
    const wrapped = rows.map(([title, ...cells]) => [
      wrapAnsi(title, titleWidth).replaceAll('\n', '\n '),
      ...cells,
    ]);
    return formatTable(columns, wrapped);
  };
  const main = mainMetrics(summary);
  const results = resultTable(summary, { metrics: main, published: 'below' });
  const hasPublished = summary.rows.some(({ published }) => published !== null);
  const notes: NoteLine[] = [
    ...(hasPublished
      ? [{ text: 'Published results are in brackets. ACC ovr is one-vs-rest.' }]
      : []),
    ...resultNotes(summary, results.footnotes),
  ];
  const differences = main.map(
    (metric) =>
      `${metric.title}, differences in percentage points\n${format(differenceTable(summary, metric))}`,
  );
  const points = operatingTable(summary, { intervals: false });
  const rules = [...summary.rules, ...summary.notes].map((text) => ({ text: `- ${text}` }));
  return [
    wrapAnsi(summaryTitle(summary), width),
    cautionText(summary.cautions, width).trimEnd(),
    format(results, width),
    formatNotes(notes, width),
    ...findingTables(summary).map(
      (table, i) => `${i === 0 ? 'AUC of each finding\n' : ''}${format(table)}`,
    ),
    ...(hasComparisons(summary) ? differences : []),
    format(intervalTable(summary, main)),
    ...outOfFoldTables(summary).flatMap(({ title, tables, notes: below }) => [
      ...tables.map(
        ({ columns, rows }, i) =>
          `${i === 0 ? `${wrapAnsi(title, width)}\n` : ''}${formatTable(columns, rows)}`,
      ),
      formatNotes(
        below.map((text) => ({ text: `- ${text}` })),
        width,
      ),
    ]),
    ...(points === null
      ? []
      : [
          `Operating points\n${format(points)}`,
          wrapAnsi(operatingText({ intervals: false }), width),
        ]),
    ...summary.rows.flatMap(({ title, system }) =>
      system === undefined || system.readers.length === 0
        ? []
        : [
            `${title}${summary.repeats.kind === 'seeds' ? '' : ', first repeat'}\n${formatTable(readersTable(system.readers).columns, readersTable(system.readers).rows)}`,
          ],
    ),
    formatNotes(rules, width),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function formatNotes(notes: readonly NoteLine[], width: number): string {
  const format = ({ mark, text }: NoteLine): string => {
    const shownMark = mark !== undefined && /[a-z]/.test(mark) ? `[${mark}]` : mark;
    const line = shownMark === undefined ? text : `${shownMark} ${text}`;
    return wrapAnsi(line, width - 2).replaceAll('\n', '\n  ');
  };
  return notes.map(format).join('\n');
}
