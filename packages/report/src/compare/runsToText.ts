import { wrapText } from '../render/wrapText.js';
import { summaryMetrics } from '../summary/summaryMetrics.js';
import type { TextOptions } from '../summary/summaryToText.js';
import { comparisonTable } from '../tables/comparisonTable.js';
import { describeComparison } from '../tables/describeComparison.js';
import type { Table } from '../tables/table.js';
import type { RunsComparison } from './runsComparison.js';
import { runsTable } from './runsTable.js';
import { weightsTitle } from './weightsTitle.js';

const shown = summaryMetrics.slice(0, 4);

/** A comparison of runs for a terminal: two side by side, more below each other, and a plain sentence on each difference. */
export function runsToText(
  comparison: RunsComparison,
  { formatTable, width = 80 }: TextOptions,
): string {
  const { runs, differences } = comparison;
  const format = ({ columns, rows }: Table): string => formatTable(columns, rows);
  const tables =
    runs.length === 2
      ? [sideBySide(comparison, { format, width })]
      : shown.map((metric) => format(runsTable(comparison, metric)));
  const sentences = differences.map(({ run, comparison: against, pValues }) =>
    describeComparison([runs[0].name, run], against, {
      adjusted: pValues.auc.adjusted,
      comparisons: differences.length,
    }).split('\n'),
  );
  const verdicts = sentences.map(([verdict]) => wrapText(verdict, width).join('\n'));
  const limits = [
    ...new Set(sentences.map(([, limit]) => limit).filter((limit) => limit !== undefined)),
  ].map((limit) => wrapText(limit, width).join('\n'));
  return [weightsTitle(comparison), ...tables, verdicts.join('\n'), ...limits.slice(0, 1)].join(
    '\n\n',
  );
}

/** Two runs under their names, or under A and B where their names are too long for the width. */
function sideBySide(
  { runs: [first, second], differences }: RunsComparison,
  { format, width }: { readonly format: (table: Table) => string; readonly width: number },
): string {
  const named = format(comparisonTable([first.name, second.name], differences[0].comparison));
  if (named.split('\n').every((line) => line.length <= width)) return named;
  return `A: ${first.name}\nB: ${second.name}\n\n${format(comparisonTable(['A', 'B'], differences[0].comparison))}`;
}
