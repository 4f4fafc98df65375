import { join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import {
  estimateExperiment,
  type ExperimentPlan,
  explainExperiment,
  type ExplainExperimentOptions,
  openExperiment,
  type PlannedRun,
  prepareExperiment,
  provideWeights,
  runExperiment,
} from '@nonlocal-med/experiment';
import { isFinished } from '@nonlocal-med/runs';
import {
  type CommandContext,
  createProgressDisplay,
  emitJson,
  exitCodes,
  integerFrom,
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import {
  type ExperimentOptions,
  readExperimentPlan,
  selectRuns,
} from '../options/readExperimentPlan.js';
import { addTrainingFlags } from '../options/trainingFlags.js';
import { estimateText, planText } from '../output/dryRunText.js';
import { createExperimentDisplay } from '../output/experimentDisplay.js';
import { showExperiment, writeTables } from '../output/showExperiment.js';

/** Parsed command-line options. */
interface Options extends ExperimentOptions {
  readonly rows?: readonly string[];
  readonly jobs: number;
  readonly explain?: number;
  readonly out?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `experiment`: trains all rows and repeats of a table and writes the table. */
export function experimentCommand({ signal }: CommandContext): Command {
  const command = new Command('experiment')
    .description(
      "Train every row of a table in every repeat and write the table: the paper's table1, table2 or table3, or a custom experiment from a YAML file.",
    )
    .argument('<name|file>', 'table1, table2, table3, or a YAML file');
  return addTrainingFlags(command, { without: ['model'] })
    .option(
      '--weights <source...>',
      'initial weights: "imagenet", "none", or BACKBONE=FILE per backbone; default: those of the table, or "none" with synthetic images',
    )
    .option('--repeats <count>', 'number of runs of each row', integerFrom(1))
    .addOption(
      new Option(
        '--protocol <kind>',
        'repeats with new splits, with new seeds on one split, or as folds of a cross-validation',
      ).choices(['splits', 'seeds', 'folds']),
    )
    .option('--folds <count>', 'number of folds, with --protocol folds', integerFrom(1))
    .option('--rows <keys>', 'train only these rows, separated by commas', splitKeys)
    .option(
      '--jobs <count>',
      'number of runs at the same time, as memory allows',
      integerFrom(1),
      1,
    )
    .option('--out <folder>', 'folder of the experiment; default: runs/<name>')
    .option(
      '--explain <count>',
      "add Grad-CAM maps of each row's first run for COUNT test images to the report",
      integerFrom(1),
    )
    .option(
      '--dry-run',
      'show the plan, measure a few steps of each row, and estimate time and memory',
    )
    .option('--json', 'print events and result as JSON lines')
    .addHelpText(
      'after',
      '\nRun the same command again after Ctrl-C, a crash or a power failure: finished\nruns are skipped, interrupted ones are resumed, failed ones are retried. Several\nprocesses can work on one folder, also on machines that share it.',
    )
    .action(async (name: string, options: Options) => {
      const plan = await readExperimentPlan(name, options);
      const runs = selectRuns(plan, options.rows);
      const folder = resolveUserPath(options.out ?? join('runs', plan.name));
      if (options.dryRun !== undefined) return estimate(plan, { ...options, folder, runs, signal });
      process.exitCode = await execute(plan, { ...options, folder, runs, signal });
    });
}

const splitKeys = (text: string): string[] => text.split(',').map((key) => key.trim());

type ExperimentRequest = Options & {
  readonly folder: string;
  readonly runs: readonly PlannedRun[];
  readonly signal: AbortSignal;
};

async function execute(
  plan: ExperimentPlan,
  { folder, runs, jobs, explain, json, signal }: ExperimentRequest,
): Promise<number> {
  const checking = createProgressDisplay();
  const prepared = await prepareExperiment(plan, {
    signal,
    onProgress: (done, total) => checking.stage('checking images', done, total),
  });
  if (json === undefined)
    for (const note of prepared.dataset.notes) process.stderr.write(`${note}\n`);
  await provideWeights(plan, (line) => void process.stderr.write(`${line}\n`)).catch(
    (error: Error) => {
      if (!(error instanceof UnavailableError)) throw error;
      throw new UnavailableError(
        `${error.message} Alternatives: --weights resnet18=FILE (and shufflenetv2=FILE), or --weights none.`,
        { cause: error },
      );
    },
  );
  await openExperiment(folder, plan, {
    manifest: prepared.manifest,
    fingerprint: prepared.dataset.fingerprint,
  });
  const display = createExperimentDisplay(plan, {
    runs,
    sizes: prepared.sizes,
    jobs,
    notes: prepared.dataset.notes,
    json,
  });
  const outcome = await runExperiment(plan, { folder, runs, jobs, signal, ...display.listener });
  display.end();
  if (explain !== undefined && outcome.reason !== 'interrupted')
    await explainRows(plan, { folder, images: explain, signal });
  const ended = signal.aborted ? { ...outcome, reason: 'interrupted' as const } : outcome;
  await showExperiment(ended, { folder, tables: await writeTables(folder), json });
  return { finished: exitCodes.done, failed: exitCodes.failed, interrupted: exitCodes.interrupted }[
    ended.reason
  ];
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

async function estimate(
  plan: ExperimentPlan,
  { folder, runs, jobs, json, signal }: ExperimentRequest,
): Promise<void> {
  const display = createProgressDisplay();
  const prepared = await prepareExperiment(plan, {
    signal,
    onProgress: (done, total) => display.stage('checking images', done, total),
  });
  const finished = await Promise.all(runs.map((run) => isFinished(folder, run)));
  const left = runs.filter((_, index) => !finished[index]);
  if (json === undefined)
    process.stdout.write(`${planText(plan, { folder, runs, left, prepared })}\n`);
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
