import { basename, dirname, join } from 'node:path';
import { count } from '@nonlocal-med/core';
import {
  estimateExperiment,
  type ExperimentPlan,
  openExperiment,
  type PlannedRun,
} from '@nonlocal-med/experiment';
import { createProgressDisplay, resolveUserPath } from '@nonlocal-med/terminal';
import {
  checkImages,
  fetchWeights,
  ROW_WEIGHTS,
  unfinishedRuns,
} from '../commands/experimentSteps.js';
import { givesOption, type SlurmResources } from './sbatchDirectives.js';
import { submitJob, type SubmitOptions } from './submitJob.js';
import { typedCommand } from './taskCommand.js';
import { taskResources } from './taskResources.js';

/** An experiment that becomes an array of jobs. */
export interface ExperimentSubmission extends SubmitOptions {
  readonly folder: string;
  /** Requested runs. */
  readonly runs: readonly PlannedRun[];
  /** Most tasks at the same time. */
  readonly jobs: number;
  /** Options of sbatch. */
  readonly options: string;
  readonly signal: AbortSignal;
}

/**
 * Submits an experiment as an array of tasks, each of which takes one unfinished run after the other from the folder. The
 * data set is checked, the folder is made, and weights are downloaded before, since compute nodes may have no network.
 */
export async function submitExperiment(
  plan: ExperimentPlan,
  { folder, runs, jobs, options, signal, ...submission }: ExperimentSubmission,
): Promise<void> {
  const prepared = await checkImages(plan, signal);
  const left = await unfinishedRuns(folder, runs);
  if (left.length === 0)
    return void process.stdout.write(
      `All ${count(runs.length, 'run')} are finished in ${folder}.\n`,
    );
  const tasks = Math.min(jobs, left.length);
  const isMeasured = !givesOption(options, 'memory') || !givesOption(options, 'time');
  const display = createProgressDisplay();
  const estimates = isMeasured
    ? await estimateExperiment(plan, prepared, {
        left,
        signal,
        onRow: (done, total) => display.stage('measuring steps', done, total),
      })
    : [];
  if (submission.print === undefined) {
    await fetchWeights(plan.runs, ROW_WEIGHTS);
    await openExperiment(folder, plan, prepared);
  }
  const name = basename(folder);
  await submitJob(
    join(dirname(folder), `${name}.sbatch`),
    {
      name,
      purpose: `Trains the experiment ${plan.name}: ${count(tasks, 'task')} ${tasks === 1 ? 'takes' : 'take'} ${count(left.length, 'unfinished run')} from ${name}, one by one.`,
      tasks,
      resources: isMeasured ? resourcesOf(estimates, tasks) : {},
      options,
      folder: resolveUserPath('.'),
      log: join(dirname(folder), `${name}.slurm-%A_%a.log`),
      command: typedCommand(['--out', folder, '--no-wait'], {
        setsThreads: plan.runs[0].config.engine.threads === undefined,
      }),
    },
    submission,
  );
}

type Estimates = Awaited<ReturnType<typeof estimateExperiment>>;

/** What each of the tasks needs: the memory of the largest row, and its share of the time, but at least that of the slowest run. */
function resourcesOf(estimates: Estimates, tasks: number): SlurmResources {
  const total = estimates.reduce((sum, { secondsPerRun, runs }) => sum + secondsPerRun * runs, 0);
  const slowest = Math.max(...estimates.map(({ secondsPerRun }) => secondsPerRun));
  return taskResources({
    seconds: Math.max(slowest, total / tasks),
    residentBytes: Math.max(...estimates.map(({ residentBytes }) => residentBytes)),
    parentBytes: process.resourceUsage().maxRSS * 1024,
  });
}
