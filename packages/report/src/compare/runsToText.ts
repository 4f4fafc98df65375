import wrapAnsi from 'wrap-ansi';
import type { TextOptions } from '../experimentTables/summaryToText.js';
import { paperMetrics } from '../statistics/summaryMetrics.js';
import { comparisonTable } from '../tables/comparisonTable.js';
import { describeComparison } from '../tables/describeComparison.js';
import type { Table } from '../tables/table.js';
import { weightsTitle } from '../tables/weightsTitle.js';
import type { RunsComparison } from './compareRunRecords.js';
import { runsTable } from './renderRuns.js';

/** Renders a comparison of runs for a terminal: two runs side by side, more below each other, and the differences in words. */
export function runsToText(
  comparison: RunsComparison,
  { formatTable, width = 80 }: TextOptions,
): string {
  const { weights, runs, differences } = comparison;
  const format = ({ columns, rows }: Table): string => formatTable(columns, rows);
  const tables =
    runs.length === 2
      ? [sideBySide(comparison, { format, width })]
      : paperMetrics.map((metric) => format(runsTable(comparison, metric)));
  const descriptions = differences.map(({ run, comparison: difference, pValues }) =>
    describeComparison([runs[0].name, run], difference, {
      adjusted: pValues.auc.adjusted,
      comparisons: differences.length,
    }).split('\n'),
  );
  const verdicts = descriptions.map(([verdict]) => wrapAnsi(verdict, width));
  const [limits] = descriptions.flatMap(([, text]) => (text === undefined ? [] : [text]));
  return [
    `${differences[0].comparison.samples} test images, ${weightsTitle[weights]}`,
    ...tables,
    verdicts.join('\n'),
    ...(limits === undefined ? [] : [wrapAnsi(limits, width)]),
  ].join('\n\n');
}

/** Two runs under their names, or under A and B if the names are too long for the width. */
function sideBySide(
  { runs: [first, second], differences: [{ comparison }] }: RunsComparison,
  { format, width }: { readonly format: (table: Table) => string; readonly width: number },
): string {
  const named = format(comparisonTable([first.name, second.name], comparison));
  if (named.split('\n').every((line) => line.length <= width)) return named;
  return `A: ${first.name}\nB: ${second.name}\n\n${format(comparisonTable(['A', 'B'], comparison))}`;
}
