import { basename, dirname, join } from 'node:path';
import { count } from '@nonlocal-med/core';
import {
  estimateExperiment,
  type ExperimentPlan,
  openExperiment,
  type PlannedRun,
  prepareExperiment,
  provideWeights,
} from '@nonlocal-med/experiment';
import { isFinished } from '@nonlocal-med/runs';
import { createProgressDisplay, resolveUserPath } from '@nonlocal-med/terminal';
import { givesOption, type SlurmResources } from './sbatchDirectives.js';
import { submitJob, type SubmitOptions } from './submitJob.js';
import { taskArguments } from './taskArguments.js';
import { taskResources } from './taskResources.js';
import { thisProgram } from './thisProgram.js';

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
  const display = createProgressDisplay();
  const prepared = await prepareExperiment(plan, {
    signal,
    onProgress: (done, total) => display.stage('checking images', done, total),
  });
  const finished = await Promise.all(runs.map((run) => isFinished(folder, run)));
  const left = runs.filter((_, index) => !finished[index]);
  if (left.length === 0)
    return void process.stdout.write(
      `All ${count(runs.length, 'run')} are finished in ${folder}.\n`,
    );
  const tasks = Math.min(jobs, left.length);
  const isMeasured = !givesOption(options, 'memory') || !givesOption(options, 'time');
  const estimates = isMeasured
    ? await estimateExperiment(plan, prepared, {
        left,
        signal,
        onRow: (done, total) => display.stage('measuring steps', done, total),
      })
    : [];
  if (submission.print === undefined) {
    await provideWeights(plan, (line) => void process.stderr.write(`${line}\n`));
    await openExperiment(folder, plan, prepared);
  }
  const name = basename(folder);
  const typed = taskArguments(process.argv.slice(2), ['--out', folder, '--no-wait']);
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
      command: { words: [...thisProgram(), ...typed], setsThreads: true },
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
