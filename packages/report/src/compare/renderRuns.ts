import { reportedMetric } from '@nonlocal-med/metrics';
import { pointRecords, pointTable } from '../decision/compareDecisions.js';
import { comparisonPValue, differenceIn } from '../statistics/differenceTest.js';
import {
  mainMetrics,
  shownSummaryMetrics,
  type SummaryMetricInfo,
} from '../statistics/summaryMetrics.js';
import { formatDifference, formatEstimate, formatPValue } from '../tables/numberText.js';
import { csvTable, renderTable, type TableFormat } from '../tables/renderTable.js';
import type { Table } from '../tables/table.js';
import type { RunsComparison } from './compareRunRecords.js';
import { membersTable } from './ensembleMembers.js';

/** Renders a comparison of runs as the text of a file: a table per metric, or all numbers as CSV or JSON. */
export function renderRuns(comparison: RunsComparison, format: TableFormat): string {
  if (format === 'csv') return runsToCsv(comparison);
  if (format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  const [first] = comparison.runs;
  return [
    ...shownSummaryMetrics(comparison).map((metric) => runsTable(comparison, metric)),
    ...comparison.differences
      .filter(({ operatingPoints }) => operatingPoints.length > 0)
      .map(({ run, operatingPoints }) => pointTable([first.name, run], operatingPoints)),
    ...(comparison.ensembles ?? []).flatMap((ensemble) =>
      mainMetrics(comparison).map((metric) => membersTable(ensemble, metric)),
    ),
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
      const value = formatEstimate(reportedMetric(run.report, name));
      if (i === 0) return [run.name, value, '', ''];
      const { comparison, pValues } = differences[i - 1];
      return [
        run.name,
        value,
        formatDifference(differenceIn(comparison, name)!),
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
function runsToCsv(all: RunsComparison): string {
  const { weights, runs, differences } = all;
  const lines = runs.flatMap(({ name: run, report }, i) =>
    shownSummaryMetrics(all).map(({ name }) => {
      const { value, interval } = reportedMetric(report, name);
      const result = [run, name, weights, value, interval?.lower ?? null, interval?.upper ?? null];
      if (i === 0) return [...result, null, null, null, null, null, null];
      const { comparison, pValues } = differences[i - 1];
      const { difference, lower, upper } = differenceIn(comparison, name)!;
      const { pValue, adjusted } = pValues[name];
      return [...result, runs[0].name, difference, lower, upper, pValue, adjusted];
    }),
  );
  const points = differences.flatMap(({ run, operatingPoints }) =>
    pointRecords(operatingPoints, { run, baseline: runs[0].name, weights }),
  );
  return csvTable(csvNames, [...lines, ...points, ...memberRecords(all)]);
}

/** One line per ensemble, metric and run of it; the first run has lines of its own. */
function memberRecords(all: RunsComparison): (string | number | null)[][] {
  const { weights, runs, ensembles = [] } = all;
  return ensembles.flatMap(({ ensemble, members }) =>
    members
      .filter(({ run }) => run !== runs[0].name)
      .flatMap(({ run, comparison, adjusted }) =>
        shownSummaryMetrics(all).map(({ name }) => {
          const { a, difference, lower, upper } = differenceIn(comparison, name)!;
          const pValues = [comparisonPValue(comparison, name), adjusted[name] ?? null];
          return [
            ensemble,
            name,
            weights,
            a,
            null,
            null,
            run,
            difference,
            lower,
            upper,
            ...pValues,
          ];
        }),
      ),
  );
}
