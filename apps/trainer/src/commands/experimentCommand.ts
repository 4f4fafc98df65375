import { join } from 'node:path';
import { estimateExperiment, type ExperimentPlan, type PlannedRun } from '@nonlocal-med/experiment';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import type { ExperimentCommandOptions } from '../options/experimentOptions.js';
import { readExperimentPlan, selectRuns } from '../options/readExperimentPlan.js';
import { estimateText, planText } from '../output/dryRunText.js';
import { submitExperiment } from '../slurm/submitExperiment.js';
import { requestedOptions } from '../slurm/submitRun.js';
import { executeExperiment } from './executeExperiment.js';
import { checkImages, fetchWeights, ROW_WEIGHTS, unfinishedRuns } from './experimentSteps.js';

/** `experiment`: trains all rows and repeats of a table and writes the table. */
export function experimentCommand({ signal }: CommandContext) {
  return async (name: string, options: ExperimentCommandOptions): Promise<void> => {
    const plan = await readExperimentPlan(name, options);
    const runs = selectRuns(plan, options.rows);
    const folder = resolveUserPath(options.out ?? join('runs', plan.name));
    if (options.dryRun !== undefined) return estimate(plan, { ...options, folder, runs, signal });
    const slurm = requestedOptions(options);
    if (slurm !== null)
      return submitExperiment(plan, { ...options, options: slurm, folder, runs, signal });
    process.exitCode = await executeExperiment(plan, { ...options, folder, runs, signal });
  };
}

type ExperimentRequest = ExperimentCommandOptions & {
  readonly folder: string;
  readonly runs: readonly PlannedRun[];
  readonly signal: AbortSignal;
};

async function estimate(
  plan: ExperimentPlan,
  { folder, runs, jobs, json, signal }: ExperimentRequest,
): Promise<void> {
  const prepared = await checkImages(plan, signal);
  await fetchWeights(plan.runs, ROW_WEIGHTS); // training needs them, and measuring takes minutes
  const left = await unfinishedRuns(folder, runs);
  if (json === undefined)
    process.stdout.write(`${planText(plan, { folder, runs, left, prepared })}\n`);
  const display = createProgressDisplay();
  const estimates = await estimateExperiment(plan, prepared, {
    left,
    signal,
    onRow: (done, total) => display.stage('measuring steps', done, total),
  });
  if (json === undefined) return void process.stdout.write(`\n${estimateText(estimates, jobs)}\n`);
  emitJson({
    type: 'plan',
    folder,
    manifest: prepared.manifest,
    sizes: prepared.sizes,
    left: left.map(({ row, repeat }) => ({ row: row.key, repeat })),
    estimates: estimates.map(({ row, ...estimated }) => ({ row: row.key, ...estimated })),
  });
}
