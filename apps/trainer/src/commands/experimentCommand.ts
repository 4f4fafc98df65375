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
  resolveUserPath,
} from '@nonlocal-med/terminal';
import { Command, Option } from 'commander';
import { chooseRows } from '../options/chooseRows.js';
import { readCount } from '../options/readCount.js';
import { type ExperimentOptions, readExperimentPlan } from '../options/readExperiment.js';
import { addTrainingFlags } from '../options/readOptions.js';
import { estimateText } from '../output/estimateText.js';
import { createExperimentDisplay } from '../output/experimentDisplay.js';
import { planText } from '../output/planText.js';
import { showExperiment } from '../output/showExperiment.js';
import { writeTables } from '../output/writeTables.js';

interface Options extends ExperimentOptions {
  readonly rows?: string;
  readonly jobs: number;
  readonly explain?: number;
  readonly out?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

/** `experiment`: all rows and repeats of a table, then the table. */
export function experimentCommand({ signal }: CommandContext): Command {
  const command = new Command('experiment')
    .description(
      'Train every row of a table in every repeat, and make the table: table1, table2, table3 of the paper, or your own from a YAML file.',
    )
    .argument('<name|file>', 'table1, table2, table3, or a YAML file');
  return addTrainingFlags(command, { without: ['model'] })
    .option(
      '--weights <what...>',
      'where rows start: "imagenet", "none", or BACKBONE=FILE for each backbone; default: the table\'s own, "none" on embedded images',
    )
    .option('--repeats <count>', 'how often each row is trained', readCount)
    .addOption(
      new Option(
        '--protocol <kind>',
        'a new split each, one split with several seeds, or folds',
      ).choices(['splits', 'seeds', 'folds']),
    )
    .option('--folds <count>', 'folds of the division, with --protocol folds', readCount)
    .option('--rows <keys>', 'only these rows now, separated by commas')
    .option('--jobs <count>', 'runs at a time, while memory allows', readCount, 1)
    .option('--out <folder>', 'folder of the experiment; default: runs/<name>')
    .option(
      '--explain <count>',
      "then show where each row's first run looked, on so many test images, in the page",
      readCount,
    )
    .option(
      '--dry-run',
      'show the plan, measure a few steps of each row, and estimate hours and memory',
    )
    .option('--json', 'print events and result as JSON lines')
    .addHelpText(
      'after',
      '\nThe same command goes on after Ctrl-C, a crash or a power cut: finished runs stay,\nbegun ones are resumed, failed ones are tried again. Several processes, also on\nmachines that share the folder, may work on it at the same time.',
    )
    .action(async (name: string, options: Options) => {
      const plan = await readExperimentPlan(name, options);
      const runs = chooseRows(plan, options.rows);
      const folder = resolveUserPath(options.out ?? join('runs', plan.name));
      if (options.dryRun !== undefined) return estimate(plan, { ...options, folder, runs, signal });
      process.exitCode = await make(plan, { ...options, folder, runs, signal });
    });
}

type Work = Options & {
  readonly folder: string;
  readonly runs: readonly PlannedRun[];
  readonly signal: AbortSignal;
};

async function make(
  plan: ExperimentPlan,
  { folder, runs, jobs, explain, json, signal }: Work,
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
        `${error.message} An experiment also takes --weights resnet18=FILE (and shufflenetv2=FILE), or --weights none.`,
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
  const made = await runExperiment(plan, { folder, runs, jobs, signal, ...display.listener });
  display.end();
  if (explain !== undefined && made.reason !== 'interrupted')
    await explainRows(plan, { folder, images: explain, signal });
  const outcome = signal.aborted ? { ...made, reason: 'interrupted' as const } : made;
  await showExperiment(outcome, { folder, tables: await writeTables(folder), json });
  return { finished: exitCodes.done, failed: exitCodes.failed, interrupted: exitCodes.interrupted }[
    outcome.reason
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
  { folder, runs, jobs, json, signal }: Work,
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
