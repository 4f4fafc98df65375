import { csvTable } from '../render/csvTable.js';
import { summaryMetrics } from '../summary/summaryMetrics.js';
import type { RunsComparison } from './runsComparison.js';

const names = [
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

/** A comparison of runs as CSV, one line for each run and metric, shares in full precision. */
export function runsToCsv({ weights, runs, differences }: RunsComparison): string {
  const lines = runs.flatMap(({ name: run, report }, i) =>
    summaryMetrics.map(({ name }) => {
      const { value, interval } = report.metrics[name];
      const own = [run, name, weights, value, interval?.lower ?? null, interval?.upper ?? null];
      if (i === 0) return [...own, null, null, null, null, null, null];
      const { comparison, pValues } = differences[i - 1];
      const { difference, lower, upper } = comparison.metrics[name]!;
      return [
        ...own,
        runs[0].name,
        difference,
        lower,
        upper,
        pValues[name].pValue,
        pValues[name].adjusted,
      ];
    }),
  );
  return csvTable(names, lines);
}
