import type { StyledTable } from '../render/styledTable.js';
import type { ExperimentSummary } from './experimentSummary.js';
import type { SummaryMetricInfo } from './summaryMetrics.js';

/** Intervals of the means over test images, in percent, of the rows that have any. */
export function intervalTable(
  { rows, confidence }: ExperimentSummary,
  metrics: readonly SummaryMetricInfo[],
): StyledTable {
  const text = (
    row: ExperimentSummary['rows'][number],
    { name, percent }: SummaryMetricInfo,
  ): string => {
    const { interval } = row.metrics[name];
    const [scale, digits] = percent ? [100, 1] : [1, 2];
    return interval === null
      ? '-'
      : `${(scale * interval.lower).toFixed(digits)} to ${(scale * interval.upper).toFixed(digits)}`;
  };
  return {
    columns: [
      { title: `${100 * confidence} % intervals` },
      ...metrics.map(({ short }) => ({ title: short, align: 'right' as const })),
    ],
    rows: rows
      .filter(({ finished }) => finished > 0)
      .map((row) => ({
        cells: [row.title, ...metrics.map((metric) => text(row, metric))].map((cell) => ({
          text: cell,
        })),
      })),
  };
}
