import { pointRecords, pointTable } from '../decision/compareDecisions.js';
import { metricsFor, type SummaryMetricInfo } from '../statistics/summaryMetrics.js';
import { formatDifference, formatEstimate, formatPValue } from '../tables/numberText.js';
import { csvTable, renderTable, type TableFormat } from '../tables/renderTable.js';
import type { Table } from '../tables/table.js';
import type { RunsComparison } from './compareRunRecords.js';

/** Renders a comparison of runs as the text of a file: a table per metric, or all numbers as CSV or JSON. */
export function renderRuns(comparison: RunsComparison, format: TableFormat): string {
  if (format === 'csv') return runsToCsv(comparison);
  if (format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  const [first] = comparison.runs;
  return [
    ...metricsFor(comparison).map((metric) => runsTable(comparison, metric)),
    ...comparison.differences
      .filter(({ operatingPoints }) => operatingPoints.length > 0)
      .map(({ run, operatingPoints }) => pointTable([first.name, run], operatingPoints)),
  ]
    .map((table) => renderTable(table, format))
    .join('\n');
}

/** Runs in one metric: its value with the interval of the run's `metrics.json`, and the difference from the first run with its interval and adjusted p value. */
export function runsTable(
  { runs, differences }: RunsComparison,
  { name, short }: SummaryMetricInfo,
): Table {
  return {
    columns: [
      { title: '' },
      ...[short, 'difference from first', 'p (Holm)'].map((title) => ({
        title,
        align: 'right' as const,
      })),
    ],
    rows: runs.map((run, i) => {
      const value = formatEstimate(run.report.metrics[name]);
      if (i === 0) return [run.name, value, '', ''];
      const { comparison, pValues } = differences[i - 1];
      return [
        run.name,
        value,
        formatDifference(comparison.metrics[name]!),
        formatPValue(pValues[name].adjusted),
      ];
    }),
  };
}

const csvNames = [
  'run',
  'metric',
  'weights',
  'value',
  'lower',
  'upper',
  'baseline',
  'difference',
  'difference_lower',
  'difference_upper',
  'p',
  'p_holm',
];

/** One line per run and metric, fractions in full precision. */
function runsToCsv({ weights, ordered, runs, differences }: RunsComparison): string {
  const lines = runs.flatMap(({ name: run, report }, i) =>
    metricsFor({ ordered }).map(({ name }) => {
      const { value, interval } = report.metrics[name];
      const result = [run, name, weights, value, interval?.lower ?? null, interval?.upper ?? null];
      if (i === 0) return [...result, null, null, null, null, null, null];
      const { comparison, pValues } = differences[i - 1];
      const { difference, lower, upper } = comparison.metrics[name]!;
      const { pValue, adjusted } = pValues[name];
      return [...result, runs[0].name, difference, lower, upper, pValue, adjusted];
    }),
  );
  const points = differences.flatMap(({ run, operatingPoints }) =>
    pointRecords(operatingPoints, { run, baseline: runs[0].name, weights }),
  );
  return csvTable(csvNames, [...lines, ...points]);
}
