import {
  commandLine,
  count,
  InputError,
  type Issue,
  type Task,
  throwIssues,
} from '@nonlocal-med/core';
import {
  compareTask,
  holm,
  reportNames,
  type TaskComparison,
  type TaskReport,
} from '@nonlocal-med/metrics';
import type { RunRecord, WeightsChoice } from '@nonlocal-med/runs';
import {
  compareDecisions,
  type DecidedRun,
  type PointComparison,
} from '../decision/compareDecisions.js';
import { comparisonPValue } from '../statistics/differenceTest.js';
import { resultCautions } from '../statistics/resultCautions.js';
import {
  adjustFamilies,
  mapMetrics,
  type SummaryMetric,
  summaryMetrics,
} from '../statistics/summaryMetrics.js';
import { summarizeSystem, systemNotes, type SystemSummary } from '../statistics/systemRows.js';
import { compareMembers, type EnsembleComparison } from './ensembleMembers.js';
import { shortNames } from './shortNames.js';

/** Which results are compared, and how differences are resampled. */
export interface RunsComparisonOptions {
  /** Default: `selected` (the best checkpoint) if every run has one, else `last`. */
  readonly weights?: WeightsChoice;
  /** Number of bootstrap resamples; default 2000. */
  readonly resamples?: number;
  /** Seed of the resamples; default 0. */
  readonly seed?: number;
}

/** Several runs on the same test images, each compared with the first; plain JSON. */
export interface RunsComparison {
  readonly weights: WeightsChoice;
  /** Absent: `multiclass`. */
  readonly task?: Task;
  /** The classes, or the findings of the task `multilabel`. */
  readonly classes: readonly string[];
  /** Whether the classes are grades with an order; tables show quadratic kappa only then. */
  readonly ordered: boolean;
  /** What a reader must know before believing the results, one sentence each. */
  readonly cautions: readonly string[];
  /** How predictions that are not those of one trained run were made or understood, one sentence each. */
  readonly notes?: readonly string[];
  readonly runs: readonly ComparedRun[];
  /** One per run after the first. */
  readonly differences: readonly RunDifference[];
  /** Each ensemble compared with each of its runs; absent without one. */
  readonly ensembles?: readonly EnsembleComparison[];
}

/** A run in a comparison. */
export interface ComparedRun {
  /** The end of its path that distinguishes it from the other runs. */
  readonly name: string;
  readonly path: string;
  readonly report: TaskReport;
  /** Where the predictions come from, if not from one trained run. */
  readonly system?: SystemSummary;
}

/** A run compared with the first one on the same test images. */
export interface RunDifference {
  readonly run: string;
  /** The run (A) compared with the first (B). */
  readonly comparison: TaskComparison;
  /**
   * The p value of each metric, and Holm's adjusted p value over all runs that are compared with the first; for the AUCs of
   * single findings over all findings, too.
   */
  readonly pValues: Readonly<
    Record<SummaryMetric, { readonly pValue: number | null; readonly adjusted: number | null }>
  >;
  /** At the operating points that both runs have; empty without any. */
  readonly operatingPoints: readonly PointComparison[];
}

/**
 * Compares tested runs with the first of them on their common test images: paired bootstrap, DeLong's and McNemar's
 * tests, with p values adjusted for the number of runs. The result accounts for the choice of test images, not for
 * variation between training runs.
 * @throws InputError if there are fewer than two runs, a run has not been tested (all such runs are listed), or runs
 * were tested on different images.
 */
export function compareRunRecords(
  runs: readonly RunRecord[],
  { weights = defaultWeights(runs), resamples, seed }: RunsComparisonOptions = {},
): RunsComparison {
  if (runs.length < 2)
    throw new InputError({
      path: 'compare',
      message: `got ${count(runs.length, 'run')}`,
      hint: 'give two or more runs, or the folder of an experiment',
    });
  throwIssues(runs.flatMap((run) => missingResults(run, weights)));
  throwIssues(runs.slice(1).flatMap((run) => differentImages(run, runs[0], weights)));
  const names = runNames(runs);
  const notes = systemNotes(runs.map((run, i) => ({ title: names[i], system: run.system })));
  const [baseline, ...others] = runs;
  const reportOf = ({ metrics: recorded }: RunRecord): TaskReport => recorded![weights]!;
  const subject = {
    ...('findings' in reportOf(baseline) ? { task: 'multilabel' as const } : {}),
    classes: reportNames(reportOf(baseline)),
  };
  const metrics = summaryMetrics(subject).map(({ name }) => name);
  const compare = (a: RunRecord, b: RunRecord): TaskComparison =>
    compareTask(a.predictions[weights]!, b.predictions[weights]!, {
      metrics,
      resamples,
      seed,
      thresholdsA: thresholdsOf(reportOf(a)),
      thresholdsB: thresholdsOf(reportOf(b)),
    });
  const comparisons = others.map((run) => compare(run, baseline));
  const pValues = mapMetrics(subject, (metric) =>
    comparisons.map((comparison) => comparisonPValue(comparison, metric)),
  );
  const adjusted = adjustFamilies(subject, pValues, holm);
  const ensembles = compareMembers(
    runs.map((run, i) => ({ name: names[i], run })),
    { metrics, compare },
  );
  return {
    weights,
    ...subject,
    ordered: runs.some(({ ordered }) => ordered),
    cautions: resultCautions(
      runs.map(({ metrics: recorded, environment }, i) => ({
        title: names[i],
        reports: [recorded![weights]!],
        dataCautions: environment?.data?.cautions,
      })),
    ),
    ...(notes.length === 0 ? {} : { notes }),
    runs: runs.map(({ path, metrics: recorded, predictions, system }, i) => ({
      name: names[i],
      path,
      report: recorded![weights]!,
      ...(system === undefined ? {} : { system: summarizeSystem(system, predictions[weights]!) }),
    })),
    differences: comparisons.map((comparison, i) => ({
      run: names[i + 1],
      comparison,
      operatingPoints: compareDecisions(
        decidedRun(runs[i + 1], weights),
        decidedRun(runs[0], weights),
        { resamples, seed },
      ),
      pValues: mapMetrics(subject, (metric) => ({
        pValue: pValues[metric][i],
        adjusted: adjusted[metric][i],
      })),
    })),
    ...(ensembles.length === 0 ? {} : { ensembles }),
  };
}

/** What distinguishes each run from the others: the end of its path; a row that is not a run has a name. */
function runNames(runs: readonly RunRecord[]): string[] {
  const trained = runs.filter(({ system }) => system === undefined);
  const short = shortNames(trained.map(({ path }) => path));
  return runs.map((run) => (run.system === undefined ? short[trained.indexOf(run)] : run.name));
}
/** Where a run calls each finding present; undefined for classes. */
const thresholdsOf = (report: TaskReport): number[] | undefined =>
  'findings' in report ? report.perFinding.map(({ threshold }) => threshold) : undefined;

const decidedRun = ({ metrics, predictions }: RunRecord, weights: WeightsChoice): DecidedRun => ({
  decision: metrics?.decision?.[weights] ?? null,
  predictions: predictions[weights]!,
});

function defaultWeights(runs: readonly RunRecord[]): WeightsChoice {
  return runs.every(({ predictions }) => predictions.selected !== null) ? 'selected' : 'last';
}

function missingResults(
  { path, metrics, predictions, missing }: RunRecord,
  weights: WeightsChoice,
): Issue[] {
  if (metrics === null || predictions.last === null)
    return [
      {
        path,
        message: `the run has not been tested: ${missing.join('; ')}`,
        hint: `train it to the end first: ${commandLine('trainer', 'resume', path)}`,
      },
    ];
  if (metrics[weights] !== undefined && predictions[weights] !== null) return [];
  return [
    {
      path,
      message: 'the run has no best checkpoint, because it has no validation set',
      hint: 'use --weights last',
    },
  ];
}

function differentImages(
  { path, predictions }: RunRecord,
  baseline: RunRecord,
  weights: WeightsChoice,
): Issue[] {
  const expected = new Set(baseline.predictions[weights]!.ids);
  const { ids } = predictions[weights]!;
  const common = ids.filter((id) => expected.has(id)).length;
  if (common === ids.length && common === expected.size) return [];
  return [
    {
      path,
      message: `was tested on ${ids.length} images, of which ${common} are among the ${expected.size} of ${baseline.path}`,
      hint: 'compare runs with the same images and the same split, or use --common to compare on the images that all of them tested',
    },
  ];
}
