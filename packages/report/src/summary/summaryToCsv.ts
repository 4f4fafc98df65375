import { csvTable } from '../render/csvTable.js';
import type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
  MetricSummary,
  RowSummary,
} from './experimentSummary.js';
import { type SummaryMetricInfo, summaryMetrics } from './summaryMetrics.js';

type Value = string | number | null;

/** A summary as CSV, one line for each row and metric, shares in full precision; published numbers in percent as printed. */
export function summaryToCsv(summary: ExperimentSummary): string {
  const lines = summary.rows.flatMap((row) =>
    summaryMetrics.map((metric) => lineOf(summary, row, metric)),
  );
  return csvTable(
    lines[0].map(([name]) => name),
    lines.map((line) => line.map(([, value]) => value)),
  );
}

function lineOf(
  { name: table, weights, repeats }: ExperimentSummary,
  row: RowSummary,
  metric: SummaryMetricInfo,
): [string, Value][] {
  const { key, title, group, planned, finished, published, comparison } = row;
  const paper = metric.published === null ? undefined : published?.[metric.published];
  return [
    ['table', table],
    ['row', key],
    ['title', title],
    ['group', group],
    ['metric', metric.name],
    ['weights', weights],
    ['planned', planned],
    ['finished', finished],
    ...resultColumns(row.metrics[metric.name]),
    ['published_mean', paper?.[0] ?? null],
    ['published_deviation', paper?.[1] ?? null],
    ['baseline', comparison?.baseline ?? null],
    ...comparisonColumns(comparison?.metrics[metric.name]),
    ...Array.from({ length: repeats.count }, (_, r): [string, Value][] => [
      [`value_${r + 1}`, row.metrics[metric.name].values[r]],
      [`p_${r + 1}`, comparison?.metrics[metric.name].perRepeat[r]?.pValue ?? null],
      [`p_holm_${r + 1}`, comparison?.metrics[metric.name].perRepeat[r]?.adjusted ?? null],
    ]).flat(),
  ];
}

function resultColumns({ count, mean, deviation, interval }: MetricSummary): [string, Value][] {
  return [
    ['count', count],
    ['mean', mean],
    ['deviation', deviation],
    ['lower', interval?.lower ?? null],
    ['upper', interval?.upper ?? null],
  ];
}

function comparisonColumns(comparison: MetricComparison | undefined): [string, Value][] {
  return [
    ['difference', comparison?.mean ?? null],
    ['difference_deviation', comparison?.deviation ?? null],
    ...testColumns('repeats', comparison?.overRepeats),
    ...testColumns('images', comparison?.onImages),
    ['verdict', comparison?.verdict ?? null],
    ['because', comparison?.because ?? null],
  ];
}

function testColumns(prefix: string, test: DifferenceTest | null | undefined): [string, Value][] {
  return [
    [`${prefix}_test`, test?.test ?? null],
    [`${prefix}_statistic`, test?.statistic ?? null],
    [`${prefix}_df`, test?.degreesOfFreedom ?? null],
    [`${prefix}_p`, test?.pValue ?? null],
    [`${prefix}_p_holm`, test?.adjusted ?? null],
    [`${prefix}_lower`, test?.lower ?? null],
    [`${prefix}_upper`, test?.upper ?? null],
  ];
}
