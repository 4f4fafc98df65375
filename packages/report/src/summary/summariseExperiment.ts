import { InputError } from '@nonlocal-med/core';
import type { ExperimentRecord, WeightsChoice } from '@nonlocal-med/runs';
import { adjustComparisons } from './adjustComparisons.js';
import { compareRows, type RawRowComparison } from './compareRows.js';
import { describeRules } from './describeRules.js';
import { everyMetric } from './everyMetric.js';
import type { ExperimentSummary, RowComparison, RowSummary } from './experimentSummary.js';
import { judgeComparison } from './judgeComparison.js';
import { type RowRuns, rowRuns } from './rowRuns.js';
import { summariseMetrics } from './summariseMetrics.js';

/** Which results are summarised, and how. */
export interface SummaryOptions {
  /** Default: `last`, as tables without a validation side have it. */
  readonly weights?: WeightsChoice;
  /** Of intervals; default 0.95. */
  readonly confidence?: number;
  /** Adjusted p-values below this are more than noise; default 0.05. */
  readonly level?: number;
  /** Bootstrap resamples; default 2000. */
  readonly resamples?: number;
  /** Of the resamples; default 0. */
  readonly seed?: number;
}

/**
 * An experiment's table with its statistics: each row over its repeats, and against its baseline. What is not finished
 * is left out and named in `missing`; what is not defined is null with the reason beside it.
 * @throws InputError when runs of the experiment disagree on their classes.
 */
export function summarizeExperiment(
  experiment: ExperimentRecord,
  {
    weights = 'last',
    confidence = 0.95,
    level = 0.05,
    resamples = 2000,
    seed = 0,
  }: SummaryOptions = {},
): ExperimentSummary {
  const { name, caption, data, repeats, notes } = experiment.manifest;
  const rows = rowRuns(experiment, weights);
  const classes = commonClasses(rows);
  const raw = rows.map((row) => {
    const baseline = rows.find(({ row: { key } }) => key === row.row.baseline);
    return baseline === undefined || row.runs.length === 0
      ? null
      : compareRows(row, baseline, { kind: repeats.kind, confidence, resamples, seed });
  });
  const comparisons = judge(raw, level);
  const summaries = rows.map((row, i): RowSummary =>
    summariseRow(row, {
      metrics: summariseMetrics(row.repeats, { confidence, resamples, seed }),
      comparison: comparisons[i],
    }),
  );
  const total = (count: (row: RowSummary) => number): number =>
    summaries.reduce((sum, row) => sum + count(row), 0);
  return {
    format: 1,
    name,
    caption,
    data,
    classes,
    weights,
    repeats,
    confidence,
    level,
    resamples,
    rows: summaries,
    planned: total(({ planned }) => planned),
    finished: total(({ finished }) => finished),
    missing: [
      ...rows.flatMap(missingRuns),
      ...raw.flatMap((comparison) => comparison?.problems ?? []),
    ],
    rules: describeRules({
      kind: repeats.kind,
      repeats: repeats.count,
      weights,
      level,
      confidence,
      resamples,
      comparisons: raw.filter((comparison) => (comparison?.repeats.length ?? 0) > 1).length,
    }),
    notes,
  };
}

function judge(raw: readonly (RawRowComparison | null)[], level: number): (RowComparison | null)[] {
  const present = raw.filter((comparison) => comparison !== null);
  const adjusted = everyMetric((metric) =>
    adjustComparisons(present.map(({ metrics }) => metrics[metric])),
  );
  return raw.map((comparison) => {
    if (comparison === null) return null;
    const index = present.indexOf(comparison);
    return {
      baseline: comparison.baseline,
      repeats: comparison.repeats,
      metrics: everyMetric((metric) => judgeComparison(adjusted[metric][index], level)),
    };
  });
}

function summariseRow(
  { row, runs, repeats }: RowRuns,
  { metrics, comparison }: Pick<RowSummary, 'metrics' | 'comparison'>,
): RowSummary {
  return {
    key: row.key,
    title: row.title,
    group: row.group ?? null,
    reproduced: row.reproduced,
    published: row.published ?? null,
    note: row.note ?? null,
    planned: runs.length,
    finished: repeats.filter(({ report }) => report !== null).length,
    runs: runs.map(({ row: key, repeat, folder, state, reason }) => ({
      row: key,
      repeat,
      folder,
      state,
      ...(reason === undefined ? {} : { reason }),
    })),
    metrics,
    comparison,
  };
}

/** One sentence for the repeats of a row that are missing for the same reason. */
function missingRuns({ row, runs, repeats }: RowRuns): string[] {
  const reasons = new Map<string, number[]>();
  for (const { repeat } of runs) {
    const { why } = repeats[repeat];
    if (why !== undefined) reasons.set(why, [...(reasons.get(why) ?? []), repeat + 1]);
  }
  return [...reasons].map(
    ([why, numbers]) =>
      `${row.key}, ${numbers.length === 1 ? 'repeat' : 'repeats'} ${numbers.join(', ')}: ${why}`,
  );
}

function commonClasses(rows: readonly RowRuns[]): readonly string[] {
  const finished = rows.flatMap(({ row, repeats }) =>
    repeats.flatMap(({ report }, repeat) =>
      report === null
        ? []
        : [{ where: `${row.key}, repeat ${repeat + 1}`, classes: report.classes }],
    ),
  );
  const [first] = finished;
  const other = finished.find(({ classes }) => classes.join('\n') !== first.classes.join('\n'));
  if (other !== undefined)
    throw new InputError({
      path: other.where,
      message: `has the classes ${other.classes.join(', ')}`,
      hint: `those of ${first.where}: ${first.classes.join(', ')}`,
    });
  return first?.classes ?? [];
}
