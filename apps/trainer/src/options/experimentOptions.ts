/** The options of `experiment`. */
import { integerFrom } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { addSlurmFlags, type SlurmFlags } from '../slurm/slurmFlags.js';
import type { ExperimentOptions } from './readExperimentPlan.js';
import { addTrainingFlags } from './trainingFlags.js';

/** Parsed command-line options of `experiment`. */
export interface ExperimentCommandOptions extends ExperimentOptions, SlurmFlags {
  readonly rows?: readonly string[];
  readonly jobs: number;
  readonly wait: boolean;
  readonly explain?: number;
  readonly out?: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const splitKeys = (text: string): string[] => text.split(',').map((key) => key.trim());

/** Adds the arguments and options of `experiment` to its command. */
export function addExperimentOptions(command: Command): Command {
  command
    .description(
      "Train every row of a table in every repeat and write the table: the paper's table1, table2 or table3, or a custom experiment from a YAML file.",
    )
    .argument('<name|file>', 'table1, table2, table3, or a YAML file');
  return addSlurmFlags(
    addTrainingFlags(command, { without: ['model', 'training.synchronizedBatchNorm'] }),
  )
    .option(
      '--weights <source...>',
      'initial weights: "imagenet", "none", or BACKBONE=FILE per backbone; default: those of the table, or "none" with synthetic images',
    )
    .option('--repeats <count>', 'number of runs of each row; default: 5', integerFrom(1))
    .addOption(
      new Option(
        '--protocol <kind>',
        'splits (default): repeats with new splits; seeds: with new seeds on one split; folds: of a cross-validation; images: with new built-in synthetic images',
      ).choices(['splits', 'seeds', 'folds', 'images']),
    )
    .option(
      '--folds <count>',
      'number of folds, with --protocol folds; default: 10',
      integerFrom(1),
    )
    .option('--rows <keys>', 'train only these rows, separated by commas; default: all', splitKeys)
    .option(
      '--jobs <count>',
      'number of runs at the same time, as memory allows; with --slurm, of tasks',
      integerFrom(1),
      1,
    )
    .option('--no-wait', 'end when only runs are left that other processes are executing')
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
      '\nWithout --data, the synthetic images have other defaults (docs/synthetic.md).\nRun the same command again after Ctrl-C, a crash or a power failure: finished\nruns are skipped, interrupted ones are resumed, failed ones are retried. Several\nprocesses can work on one folder, also on machines that share it.',
    );
}
