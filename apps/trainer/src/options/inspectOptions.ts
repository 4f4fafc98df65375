/** The options of the commands that show data sets, models and options. */
import { parseNumber } from '@nonlocal-med/pipeline/options';
import { keepFormulasOption } from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import type { TrainingOptions } from './readOptions.js';
import { addTrainingFlags, parseSize } from './trainingFlags.js';

/** Parsed command-line options of `data check`. */
export type CheckOptions = TrainingOptions & {
  readonly list?: string;
  readonly keepFormulas?: true;
  readonly json?: true;
};

/** Adds the options of `data check` to its command. */
export function addCheckOptions(command: Command): Command {
  command.description(
    'Check every image and label of a data set, and show the split that training would use. Exits with code 2 if training would fail.',
  );
  return addTrainingFlags(command, { sections: ['data', 'split', 'seed'] })
    .option(
      '--list <file.csv>',
      'write one line per image: id, file, class, patient, part of the split',
    )
    .addOption(keepFormulasOption())
    .option('--json', 'print JSON');
}

/** Parsed command-line options of `data preview`. */
export type PreviewOptions = TrainingOptions & { readonly out: string; readonly json?: true };

/** Adds the options of `data preview` to its command. */
export function addPreviewOptions(command: Command): Command {
  command.description(
    'Draw what the network sees: training images after augmentation, and test images, by class. Every run writes the same two sheets into its folder.',
  );
  return addTrainingFlags(command, {
    sections: ['data', 'split', 'seed', 'preprocessing', 'augmentation'],
  })
    .option('--out <file.png>', 'file to write', 'preview.png')
    .option('--json', 'print JSON');
}

/** Parsed command-line options of `learning-rate`. */
export type LearningRateOptions = TrainingOptions & {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly out: string;
  readonly json?: true;
};

/** Adds the options of `learning-rate` to its command. */
export function addLearningRateOptions(command: Command): Command {
  command.description(
    'Find a learning rate: train a few steps while it grows from tiny to too large, and draw the loss. Takes the options of `train`, and writes no run.',
  );
  return addTrainingFlags(command, {
    without: [
      'decision',
      'test',
      'training.learningRate',
      'training.schedule.kind',
      'training.epochs',
      'training.headEpochs',
      'training.ema.decay',
      'training.synchronizedBatchNorm',
    ],
  })
    .option('--from <rate>', 'first learning rate', parseNumber, 1e-7)
    .option('--to <rate>', 'last learning rate', parseNumber, 1)
    .option('--steps <count>', 'number of steps', parseNumber, 100)
    .option('--out <file.svg>', 'drawing to write', 'learning-rate.svg')
    .option('--json', 'print the loss of every step as JSON');
}

/** Parsed command-line options of `models`. */
export interface ModelsOptions {
  readonly size: number;
  readonly classes: number;
  readonly json?: true;
}

/** Adds the arguments and options of `models` to its command. */
export function addModelsOptions(command: Command): Command {
  return command
    .description(
      'List the models with their parameters, operations and feature sizes, or the options of one model.',
    )
    .argument('[name]', 'show the options of this model')
    .option('--size <pixels>', 'input size, N or HxW', parseSize, 386)
    .option('--classes <count>', 'number of classes', parseNumber, 4)
    .option('--json', 'print JSON');
}

/** Adds the arguments and options of `options` to its command. */
export function addOptionsOptions(command: Command): Command {
  return command
    .description(
      'List the options of a run: what each means, its values, its default and the flag that sets it. docs/options.md has the same list.',
    )
    .argument(
      '[section...]',
      'only these sections or options, such as training or training.schedule',
    )
    .option('--json', 'print JSON');
}
