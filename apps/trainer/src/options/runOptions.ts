/** The options of `train` and `resume`. */
import { integerFrom } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { addClusterFlags, type ClusterFlags } from '../processes/clusterFlags.js';
import { addSlurmFlags, type SlurmFlags } from '../slurm/slurmFlags.js';
import { addMeasuredFlags, type MeasuredFlags } from './measuredFlags.js';
import type { TrainingOptions } from './readOptions.js';
import { addTrainingFlags } from './trainingFlags.js';

/** Parsed command-line options of `train`. */
export type TrainOptions = TrainingOptions &
  SlurmFlags &
  ClusterFlags &
  MeasuredFlags & { readonly folds?: number; readonly out?: string; readonly json?: true };

/** Parsed command-line options of `resume`. */
export type ResumeOptions = SlurmFlags &
  ClusterFlags & { readonly json?: true; readonly epochs?: number };

/** Adds the options of `train` to its command. */
export function addTrainOptions(command: Command): Command {
  command.description(
    'Train a model on a folder or a CSV manifest of images, test it, and export it.',
  );
  return addClusterFlags(addSlurmFlags(addMeasuredFlags(addTrainingFlags(command))))
    .addOption(
      new Option(
        '--folds <count>',
        'cross-validation: train this many models, each tested on another part of the images, in one folder (docs/cross-validation.md)',
      )
        .argParser(integerFrom(2))
        .helpGroup('Patients and split:'),
    )
    .option(
      '--out <folder>',
      'folder of the run, new or empty; default: runs/<data>-<model>-<number>',
    )
    .option('--json', 'print events and result as JSON lines')
    .addHelpText(
      'after',
      '\nEvery option of a run can also be set with --set path=value, or in a YAML file\nfor --config, such as the config.yaml of another run. Flags override the file.\n`options` lists all of them.',
    );
}

/** Adds the arguments and options of `resume` to its command. */
export function addResumeOptions(command: Command): Command {
  return addClusterFlags(addSlurmFlags(command))
    .description(
      'Resume a run, a cross-validation or an experiment that was stopped or killed. It ends with the same weights as an uninterrupted run.',
    )
    .argument('<run>', 'folder of the run, of the cross-validation, or of the experiment')
    .option(
      '--epochs <count>',
      'train to this number of epochs in all, also a finished run, where its schedule allows it',
      integerFrom(1),
    )
    .option('--json', 'print events and result as JSON lines');
}
