import { reportedMetric } from '@nonlocal-med/metrics';
import type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
  MetricSummary,
  PointSummary,
  RowSummary,
  Verdict,
} from '../statistics/experimentSummary.js';
import {
  mapMetrics,
  shownSummaryMetrics,
  type SummaryMetricInfo,
} from '../statistics/summaryMetrics.js';
import { csvTable } from '../tables/renderTable.js';

/**
 * A summary as JSON. The files' keys and verdicts are fixed: scripts read them, and so do comparisons with tables that
 * earlier versions wrote.
 */
export function summaryToJson(summary: ExperimentSummary): string {
  const record = {
    ...summary,
    ordered: undefined, // keys that files of earlier versions do not have are left out
    cautions: undefined,
    rules: [...summary.cautions, ...summary.rules],
    rows: summary.rows.map((row) => ({
      ...row,
      metrics: mapMetrics(summary, (metric) => recordDeviation(row.metrics[metric])),
      ...(row.operatingPoints === undefined
        ? {}
        : { operatingPoints: row.operatingPoints.map(recordPoint) }),
      comparison: row.comparison && {
        ...row.comparison,
        metrics: mapMetrics(summary, (metric) => {
          const comparison = row.comparison!.metrics[metric];
          return recordDeviation({ ...comparison, verdict: recordedVerdicts[comparison.verdict] });
        }),
      },
    })),
  };
  return `${JSON.stringify(record, null, 2)}\n`;
}

const recordPoint = (point: PointSummary): Record<string, unknown> => ({
  ...point,
  sensitivity: recordDeviation(point.sensitivity),
  specificity: recordDeviation(point.specificity),
});

/** Renames `standardDeviation` to the files' `deviation`. */
function recordDeviation<T extends object>(metric: T): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(metric).map(([key, value]) => [
      key === 'standardDeviation' ? 'deviation' : key,
      value as unknown,
    ]),
  );
}

const recordedVerdicts: Readonly<Record<Verdict, string>> = {
  significant: 'more than noise',
  'not significant': 'no more than noise',
  'too few repeats': 'too few repeats',
  undefined: 'undefined',
};

type Value = string | number | null;

/** A summary as CSV, one line per row and metric, fractions in full precision; published results in percent as printed. */
export function summaryToCsv(summary: ExperimentSummary): string {
  const lines = summary.rows.flatMap((row) =>
    shownSummaryMetrics(summary).map((metric) => [
      ...csvColumns(summary, row, metric),
      ...outOfFoldColumns(summary, row, metric),
    ]),
  );
  const points = summary.rows.flatMap((row) => pointLines(summary, row, lines[0]));
  return csvTable(
    lines[0].map(([name]) => name),
    [...lines, ...points].map((line) => line.map(([, value]) => value)),
  );
}

/** A line per operating point and rate, `sensitivity at referable: youden`, with the columns of the metrics that apply. */
function pointLines(
  { name: table, weights }: ExperimentSummary,
  { key, title, group, planned, finished, operatingPoints = [] }: RowSummary,
  columns: readonly [string, Value][],
): [string, Value][][] {
  return operatingPoints.flatMap((point) =>
    (['sensitivity', 'specificity'] as const).map((rate) => {
      const { values, ...metric } = point[rate];
      const known = new Map<string, Value>([
        ...Object.entries({ table, row: key, title, group, weights, planned, finished }),
        ['metric', `${rate} at ${point.point}`],
        ...resultColumns({ values, ...metric }),
        ...values.map((value, r): [string, Value] => [`value_${r + 1}`, value]),
      ]);
      return columns.map(([name]): [string, Value] => [name, known.get(name) ?? null]);
    }),
  );
}

function csvColumns(
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

function resultColumns({
  count,
  mean,
  standardDeviation,
  interval,
}: MetricSummary): [string, Value][] {
  return [
    ['count', count],
    ['mean', mean],
    ['deviation', standardDeviation],
    ['lower', interval?.lower ?? null],
    ['upper', interval?.upper ?? null],
  ];
}

function comparisonColumns(comparison: MetricComparison | undefined): [string, Value][] {
  return [
    ['difference', comparison?.mean ?? null],
    ['difference_deviation', comparison?.standardDeviation ?? null],
    ...testColumns('repeats', comparison?.overRepeats),
    ...testColumns('images', comparison?.onImages),
    ['verdict', comparison === undefined ? null : recordedVerdicts[comparison.verdict]],
    ['because', comparison?.because ?? null],
  ];
}

/** Only in a table with a complete cross-validation: the interval of the mean over folds, and the pooled values. */
function outOfFoldColumns(
  { rows }: ExperimentSummary,
  { outOfFold }: RowSummary,
  { name }: SummaryMetricInfo,
): [string, Value][] {
  if (rows.every((row) => row.outOfFold === undefined)) return [];
  const overFolds = outOfFold?.overFolds[name].interval;
  const pooled = outOfFold && reportedMetric(outOfFold.pooled, name);
  return [
    ['folds_lower', overFolds?.lower ?? null],
    ['folds_upper', overFolds?.upper ?? null],
    ['pooled', pooled?.value ?? null],
    ['pooled_lower', pooled?.interval?.lower ?? null],
    ['pooled_upper', pooled?.interval?.upper ?? null],
  ];
}

/** `images_p_holm` and the like; empty where there is no such test. */
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
