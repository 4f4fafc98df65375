import { InputError } from '@nonlocal-med/core';
import { reportNames } from '@nonlocal-med/metrics';
import type { ExperimentRecord, WeightsChoice } from '@nonlocal-med/runs';
import { compareRows } from './compareRows.js';
import { describeRules } from './describeRules.js';
import type { ExperimentSummary, MetricSummary, RowSummary } from './experimentSummary.js';
import { summarizeOutOfFold } from './outOfFoldSummary.js';
import { withoutForeignResults } from './publishedResults.js';
import { type JudgedModel, recordedCautions, resultCautions } from './resultCautions.js';
import { type RepeatResult, type RowRuns, rowRuns } from './rowRuns.js';
import { summarizeMetrics } from './summarizeMetrics.js';
import { summarizePoints } from './summarizePoints.js';
import type { MetricSubject } from './summaryMetrics.js';
import { singleResult, summarizeSystem, systemNotes, systemOf } from './systemRows.js';

/** Which results are summarized, and how. */
export interface SummaryOptions {
  /** Default `last`, which every run has; `selected` is the best checkpoint. */
  readonly weights?: WeightsChoice;
  /** Confidence level of intervals; default 0.95. */
  readonly confidence?: number;
  /** Differences with an adjusted p value below this are significant; default 0.05. */
  readonly level?: number;
  /** Number of bootstrap resamples; default 2000. */
  readonly resamples?: number;
  /** Seed of the resamples; default 0. */
  readonly seed?: number;
}

/**
 * Computes the statistics of an experiment's table: each metric of each row over its repeats, with the interval of its
 * mean, and each row's difference from its baseline, with tests and a verdict. Unfinished runs are left out and listed
 * in `missing`; an undefined value is null, with the reason next to it.
 * @throws InputError if runs of the experiment disagree on their classes or findings.
 * @example
 * ```ts
 * import { evaluatePredictions } from '@nonlocal-med/metrics';
 * import { summarizeExperiment } from '@nonlocal-med/report';
 *
 * const labels = Int32Array.of(0, 1, 0, 1, 0, 1);
 * const run = (row, repeat, lesion) => {
 *   const predictions = {
 *     classes: ['healthy', 'lesion'],
 *     ids: lesion.map((_, i) => `image-${i}`),
 *     labels,
 *     probabilities: Float64Array.from(lesion.flatMap((p) => [1 - p, p])),
 *   };
 *   const metrics = { images: { train: 54, validation: 0, test: 6 }, last: evaluatePredictions(predictions) };
 *   const results = { metrics, predictions: { last: predictions, selected: null } };
 *   return { row, repeat, folder: `${row}/${repeat}`, state: 'finished', run: results };
 * };
 * const { rows } = summarizeExperiment({
 *   manifest: {
 *     name: 'example',
 *     repeats: { kind: 'splits', count: 3 },
 *     rows: [
 *       { key: 'resnet18', title: 'ResNet18', baseline: null, reproduced: true },
 *       { key: 'nam', title: 'ResNet18 + NAM', baseline: 'resnet18', reproduced: true },
 *     ],
 *     notes: [],
 *   },
 *   runs: [
 *     run('resnet18', 0, [0.2, 0.4, 0.6, 0.5, 0.7, 0.8]),
 *     run('resnet18', 1, [0.3, 0.4, 0.5, 0.6, 0.7, 0.8]),
 *     run('resnet18', 2, [0.2, 0.7, 0.6, 0.5, 0.4, 0.9]),
 *     run('nam', 0, [0.1, 0.8, 0.3, 0.4, 0.2, 0.9]),
 *     run('nam', 1, [0.1, 0.7, 0.4, 0.6, 0.3, 0.8]),
 *     run('nam', 2, [0.2, 0.6, 0.5, 0.7, 0.3, 0.9]),
 *   ],
 * });
 * console.log(rows[1].metrics.auc.mean); // 1
 * console.log(rows[1].comparison.metrics.auc.verdict); // not significant
 * ```
 */
export function summarizeExperiment(
  record: ExperimentRecord,
  {
    weights = 'last',
    confidence = 0.95,
    level = 0.05,
    resamples = 2000,
    seed = 0,
  }: SummaryOptions = {},
): ExperimentSummary {
  const experiment = withoutForeignResults(record);
  const { name, caption, data, repeats, notes } = experiment.manifest;
  const rows = rowRuns(experiment, weights);
  const bootstrap = { confidence, resamples, seed };
  const subject = commonSubject(rows);
  const { comparisons, problems } = compareRows(rows, {
    subject,
    kind: repeats.kind,
    level,
    ...bootstrap,
  });
  const options = { subject, ...bootstrap };
  const metricsOf = (row: RowRuns): RowSummary['metrics'] => {
    const first = row.repeats.findIndex(({ report }) => report !== null);
    const kind = systemOf(row)?.kind ?? 'views'; // one per run, as the runs themselves
    const isSingle = repeats.kind === 'seeds' && first >= 0 && kind !== 'views';
    return isSingle
      ? singleResult(summarizeMetrics([row.repeats[first]], options), repeats.count)
      : summarizeMetrics(row.repeats, options);
  };
  const pointsOf = ({ repeats: results }: RowRuns): Pick<RowSummary, 'operatingPoints'> => {
    const operatingPoints = summarizePoints(results, bootstrap);
    return operatingPoints.length === 0 ? {} : { operatingPoints };
  };
  const outOfFoldOf = (row: RowRuns): Pick<RowSummary, 'outOfFold'> => {
    const outOfFold = summarizeOutOfFold(row, experiment, { weights, ...options });
    return outOfFold === undefined ? {} : { outOfFold };
  };
  const summaries = rows.map((row, i): RowSummary => ({
    ...describeRow(row),
    metrics: metricsOf(row),
    comparison: comparisons[i],
    ...pointsOf(row),
    ...outOfFoldOf(row),
  }));
  const results = rows.flatMap((row) => row.repeats.filter(({ report }) => report !== null));
  const patients = results.some(({ predictions }) => predictions?.groups !== undefined);
  const overImages = rows.filter((row) => !resamplesPatients(row, repeats.count));
  const total = (count: 'planned' | 'finished'): number =>
    summaries.reduce((sum, row) => sum + (row.system === undefined ? row[count] : 0), 0);
  return {
    format: 1,
    name,
    caption,
    data,
    ...subject,
    ordered: experiment.runs.some(({ run }) => run?.ordered === true),
    weights,
    repeats,
    confidence,
    level,
    resamples,
    ...(patients ? { resampled: 'patients' as const } : {}),
    cautions: resultCautions(
      rows.map(({ row: { title }, repeats: results }, i) =>
        judgedModel(results, {
          title: rows.length > 1 ? title : undefined,
          auc: summaries[i].metrics.auc,
          dataCautions: recordedCautions(finishedRuns(rows[i])),
        }),
      ),
      { unit: 'percent', ...(repeats.count > 1 ? { kind: repeats.kind } : {}) },
    ),
    rows: summaries,
    planned: total('planned'),
    finished: total('finished'),
    missing: [...rows.flatMap(describeMissingRuns), ...problems],
    rules: describeRules({
      task: subject.task,
      kind: repeats.kind,
      repeats: repeats.count,
      weights,
      level,
      confidence,
      resamples,
      patients,
      withoutPatients: patients ? overImages.map(({ row }) => row.title) : [],
      unrecordedPatients: results.some(
        ({ report, predictions }) =>
          report?.bootstrap?.grouped === true && predictions?.groups === undefined,
      ),
      comparisons: comparisons.filter((comparison) => (comparison?.repeats.length ?? 0) > 1).length,
    }),
    notes: [
      ...notes,
      ...systemNotes(rows.map((row) => ({ title: row.row.title, system: systemOf(row) }))),
    ],
  };
}

function judgedModel(
  repeats: readonly RepeatResult[],
  {
    title,
    auc,
    dataCautions,
  }: Pick<JudgedModel, 'title' | 'dataCautions'> & { readonly auc: MetricSummary },
): JudgedModel {
  const finished = repeats.filter((repeat) => repeat.report !== null);
  return {
    title,
    reports: finished.map(({ report }) => report),
    predictions: finished.map(({ predictions }) => predictions),
    aucInterval: auc.interval,
    dataCautions,
  };
}

const finishedRuns = ({ runs, repeats }: RowRuns): RowRuns['runs'] =>
  runs.filter(({ repeat }) => repeats[repeat].report !== null);

function describeRow({ row, runs, repeats }: RowRuns): Omit<RowSummary, 'metrics' | 'comparison'> {
  const system = systemOf({ runs });
  const first = repeats.find((repeat) => repeat.report !== null);
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
      reason,
    })),
    ...(system === undefined || first === undefined
      ? {}
      : { system: summarizeSystem(system, first.predictions) }),
  };
}

/** Whether the intervals of a row are over patients: those of a single run as in its metrics.json, others as recorded. */
const resamplesPatients = ({ repeats }: RowRuns, planned: number): boolean =>
  repeats.every(
    ({ report, predictions }) =>
      report === null ||
      predictions.groups !== undefined ||
      (planned === 1 && report.bootstrap?.grouped === true),
  );

/** One sentence for all repeats of a row that are missing for the same reason. */
function describeMissingRuns({ row, runs, repeats }: RowRuns): string[] {
  const byReason = new Map<string, number[]>();
  for (const { repeat } of runs) {
    const { missingBecause } = repeats[repeat];
    if (missingBecause !== undefined)
      byReason.set(missingBecause, [...(byReason.get(missingBecause) ?? []), repeat + 1]);
  }
  return [...byReason].map(
    ([reason, numbers]) =>
      `${row.key}, ${numbers.length === 1 ? 'repeat' : 'repeats'} ${numbers.join(', ')}: ${reason}`,
  );
}

/** The classes or findings of all runs; none if no run is finished. */
function commonSubject(rows: readonly RowRuns[]): Pick<MetricSubject, 'task' | 'classes'> {
  const finished = rows.flatMap(({ row, repeats }) =>
    repeats.flatMap(({ report }, repeat) =>
      report === null
        ? []
        : [
            {
              path: `${row.key}, repeat ${repeat + 1}`,
              kind: 'findings' in report ? 'findings' : 'classes',
              classes: reportNames(report),
            },
          ],
    ),
  );
  if (finished.length === 0) return { classes: [] };
  const [first] = finished;
  const key = ({ kind, classes }: typeof first): string => [kind, ...classes].join('\n');
  const other = finished.find((one) => key(one) !== key(first));
  if (other !== undefined)
    throw new InputError({
      path: other.path,
      message: `has the ${other.kind} ${other.classes.join(', ')}`,
      hint: `expected ${first.kind === other.kind ? 'those' : `the ${first.kind}`} of ${first.path}: ${first.classes.join(', ')}`,
    });
  return {
    ...(first.kind === 'findings' ? { task: 'multilabel' as const } : {}),
    classes: first.classes,
  };
}
