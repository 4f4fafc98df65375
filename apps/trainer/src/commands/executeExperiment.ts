import { wrapText } from '@nonlocal-med/core';
import {
  type ExperimentPlan,
  explainExperiment,
  type ExplainExperimentOptions,
  openExperiment,
  type PlannedRun,
  type PreparedExperiment,
  runExperiment,
} from '@nonlocal-med/experiment';
import { createProgressDisplay, exitCodes } from '@nonlocal-med/terminal';
import { createExperimentDisplay } from '../output/experimentDisplay.js';
import { showExperiment } from '../output/showExperiment.js';
import { checkImages, fetchWeights, ROW_WEIGHTS } from './experimentSteps.js';

/** How an experiment is executed. */
export interface ExecuteOptions {
  readonly folder: string;
  /** Default: all of the plan. */
  readonly runs?: readonly PlannedRun[];
  readonly jobs?: number;
  readonly wait?: boolean;
  readonly explain?: number;
  readonly json?: true;
  /** The command that continues it; default: the same command. */
  readonly again?: string;
  /** What to do if pre-trained weights cannot be downloaded; default: the flags of `experiment`. */
  readonly otherWeights?: string;
  /** Further notes on its images, such as what would give better results. */
  readonly advise?: (prepared: PreparedExperiment) => readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Trains the runs of a plan that are not finished, and shows and writes their results.
 * @returns the exit code of the program
 */
export async function executeExperiment(
  plan: ExperimentPlan,
  {
    folder,
    runs = plan.runs,
    jobs = 1,
    wait,
    explain,
    json,
    again,
    otherWeights = ROW_WEIGHTS,
    advise = () => [],
    signal,
  }: ExecuteOptions,
): Promise<number> {
  const prepared = await checkImages(plan, signal);
  if (json === undefined)
    for (const note of [...prepared.dataset.notes, ...advise(prepared)])
      process.stderr.write(`${wrapText(note)}\n`);
  await fetchWeights(plan.runs, otherWeights);
  await openExperiment(folder, plan, prepared);
  const display = createExperimentDisplay(plan, {
    runs,
    sizes: prepared.sizes,
    jobs,
    notes: prepared.dataset.notes,
    json,
  });
  const outcome = await runExperiment(plan, {
    folder,
    runs,
    jobs,
    wait,
    signal,
    ...display.listener,
  });
  display.end();
  if (explain !== undefined && ['finished', 'failed'].includes(outcome.reason))
    await explainRows(plan, { folder, images: explain, signal });
  const ended = signal.aborted ? { ...outcome, reason: 'interrupted' as const } : outcome;
  await showExperiment(ended, { folder, again, json });
  return {
    finished: exitCodes.done,
    elsewhere: exitCodes.done,
    failed: exitCodes.failed,
    interrupted: exitCodes.interrupted,
  }[ended.reason];
}

async function explainRows(plan: ExperimentPlan, options: ExplainExperimentOptions): Promise<void> {
  const display = createProgressDisplay();
  const failures = await explainExperiment(plan, {
    ...options,
    onRun: (_, done, total) => display.stage('explaining rows', done, total),
  });
  for (const { run, message } of failures)
    process.stderr.write(`warning: ${run.folder} could not be explained: ${message}\n`);
}
