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
