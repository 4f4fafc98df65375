import type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
} from '../statistics/experimentSummary.js';
import { hasFewRepeats, listDifferences } from '../statistics/fewRepeats.js';
import type { SummaryMetricInfo } from '../statistics/summaryMetrics.js';
import { formatDifference, formatPValue } from '../tables/numberText.js';
import type { StyledTable } from '../tables/table.js';

/** Longest title of a baseline that fits the table's head. */
const LONGEST_TITLE = 15;

/** Differences of rows from their baselines in one metric: in percentage points, with interval, p value and verdict; single differences if repeats are too few. */
export function differenceTable(
  { rows }: ExperimentSummary,
  { name, percent }: SummaryMetricInfo,
): StyledTable {
  const compared = rows.flatMap(({ title, comparison }) => {
    if (comparison === null) return [];
    const baseline = rows.find(({ key }) => key === comparison.baseline)!.title;
    return [{ title, baseline, comparison: comparison.metrics[name] }];
  });
  const baselines = new Set(compared.map(({ baseline }) => baseline));
  const [baseline = ''] = baselines;
  const isNamed = baselines.size <= 1 && baseline.length <= LONGEST_TITLE;
  return {
    columns: [
      { title: isNamed ? `row - ${baseline}` : 'row - its baseline' },
      { title: 'difference', align: 'right' },
      { title: 'p (Holm)', align: 'right' },
      { title: 'verdict' },
    ],
    rows: compared.map(({ title, comparison }) => {
      const { lower, upper } = comparison.overRepeats;
      const isFew = hasFewRepeats(comparison);
      const difference = isFew
        ? listDifferences(comparison).replaceAll('−', '-')
        : formatDifference(
            { difference: comparison.mean, lower, upper },
            percent ? { scale: 100, digits: 2 } : {},
          );
      const pValue = isFew ? '-' : formatPValue(decidingTest(comparison).adjusted);
      return {
        cells: [title, difference, pValue, comparison.verdict].map((text) => ({ text })),
      };
    }),
  };
}

/** The test that decides: the one with the larger adjusted p value if there are two. */
function decidingTest({ overRepeats, onImages }: MetricComparison): DifferenceTest {
  if (onImages === null || overRepeats.adjusted === null) return overRepeats;
  return onImages.adjusted === null || onImages.adjusted > overRepeats.adjusted
    ? onImages
    : overRepeats;
}
