import type { SummaryMetricInfo } from '../summary/summaryMetrics.js';
import { differenceText } from '../tables/differenceText.js';
import { pValueText } from '../tables/pValueText.js';
import type { Table } from '../tables/table.js';
import type { RunsComparison } from './runsComparison.js';

/** Several runs in one metric: its value, and the difference from the first run with its interval and corrected p-value. */
export function runsTable(
  { runs, differences }: RunsComparison,
  { name, short }: SummaryMetricInfo,
): Table {
  return {
    columns: [
      { title: '' },
      ...[short, 'difference from first', 'p (Holm)'].map((text) => ({
        title: text,
        align: 'right' as const,
      })),
    ],
    rows: runs.map((run, i) => {
      const value = run.report.metrics[name].value?.toFixed(3) ?? '-';
      if (i === 0) return [run.name, value, '', ''];
      const { comparison, pValues } = differences[i - 1];
      return [
        run.name,
        value,
        differenceText(comparison.metrics[name]!),
        pValueText(pValues[name].adjusted),
      ];
    }),
  };
}
