import type { ExperimentSummary, RowSummary } from '../statistics/experimentSummary.js';
import type { SummaryMetricInfo } from '../statistics/summaryMetrics.js';
import type { StyledTable } from '../tables/table.js';

/** Intervals of the means over test images in percent, for the rows that have finished runs. */
export function intervalTable(
  { rows, confidence }: ExperimentSummary,
  metrics: readonly SummaryMetricInfo[],
): StyledTable {
  return {
    columns: [
      { title: `${100 * confidence} % intervals` },
      ...metrics.map(({ short }) => ({ title: short, align: 'right' as const })),
    ],
    rows: rows
      .filter(({ finished }) => finished > 0)
      .map((row) => ({
        cells: [
          { text: row.title },
          ...metrics.map((metric) => ({ text: intervalText(row, metric) })),
        ],
      })),
  };
}

function intervalText({ metrics }: RowSummary, { name, percent }: SummaryMetricInfo): string {
  const { interval } = metrics[name];
  if (interval === null) return '-';
  const [scale, digits] = percent ? [100, 1] : [1, 2];
  return `${(scale * interval.lower).toFixed(digits)} to ${(scale * interval.upper).toFixed(digits)}`;
}
