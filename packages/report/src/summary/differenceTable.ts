import type { StyledTable } from '../render/styledTable.js';
import { differenceText } from '../tables/differenceText.js';
import { pValueText } from '../tables/pValueText.js';
import type { DifferenceTest, ExperimentSummary, MetricComparison } from './experimentSummary.js';
import type { SummaryMetricInfo } from './summaryMetrics.js';

/** Differences of a metric from the rows' baselines, in points, with their interval, adjusted p-value and verdict. */
export function differenceTable(
  { rows }: ExperimentSummary,
  { name, percent }: SummaryMetricInfo,
): StyledTable {
  const compared = rows.flatMap(({ title, comparison }) =>
    comparison === null
      ? []
      : [
          {
            title,
            baseline: rows.find(({ key }) => key === comparison.baseline)!.title,
            comparison: comparison.metrics[name],
          },
        ],
  );
  const [{ baseline } = { baseline: '' }, ...others] = compared;
  const named = baseline.length < 16 && others.every((row) => row.baseline === baseline);
  const unit = percent ? { scale: 100, digits: 2 } : {};
  return {
    columns: [
      { title: named ? `row - ${baseline}` : 'row - its baseline' },
      ...['difference', 'p (Holm)'].map((title) => ({ title, align: 'right' as const })),
      { title: 'verdict' },
    ],
    rows: compared.map(({ title, comparison }) => ({
      cells: [
        title,
        differenceText(
          {
            difference: comparison.mean,
            lower: comparison.overRepeats.lower,
            upper: comparison.overRepeats.upper,
          },
          unit,
        ),
        pValueText(weakest(comparison).adjusted),
        comparison.verdict,
      ].map((text) => ({ text })),
    })),
  };
}

/** The test that decides: the larger adjusted p-value where there are two. */
function weakest({ overRepeats, onImages }: MetricComparison): DifferenceTest {
  if (onImages === null || overRepeats.adjusted === null) return overRepeats;
  return onImages.adjusted === null || onImages.adjusted > overRepeats.adjusted
    ? onImages
    : overRepeats;
}
