/** The options of `compare`. */
import { type ViewsChoice, viewsChoices } from '@nonlocal-med/core';
import type { TableFormat } from '@nonlocal-med/report';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { type Command, Option } from 'commander';
import { weightsOption } from './options.js';

/** Parsed command-line options of `compare`. */
export interface CompareOptions {
  readonly weights?: WeightsChoice;
  readonly format?: TableFormat;
  readonly out?: string;
  readonly json?: true;
  readonly ensembles?: true;
  readonly tta?: ViewsChoice;
  readonly common?: true;
}

const formats: readonly TableFormat[] = ['md', 'csv', 'tex', 'json'];

/** Adds the arguments and options of `compare` to its command. */
export function addCompareOptions(command: Command): Command {
  return command
    .description(
      'Compare each run with the first by paired tests on the same test images, or print the table of an experiment with its statistics. Cross-validations on the same folds are compared fold by fold. Predictions made elsewhere are rows like any other.',
    )
    .argument(
      '<run-or-experiment>',
      'folder of a tested run, of an experiment or of a cross-validation',
    )
    .argument(
      '[rows...]',
      'folders of more runs or cross-validations, and files of predictions made elsewhere: FILE.csv, NAME=FILE.csv, or NAME=A.csv,B.csv for readers (docs/any-system.md)',
    )
    .addOption(
      weightsOption(
        'last for an experiment; selected for a cross-validation of one model, and for runs, that have best checkpoints',
      ),
    )
    .addOption(
      new Option(
        '--format <md|csv|tex|json>',
        'Markdown, CSV in full precision, LaTeX or JSON; default: by the extension of --out, else text',
      ).choices(formats),
    )
    .option(
      '--ensembles',
      'add a row for the mean of the probabilities of the repeats of each row, or of the runs',
    )
    .addOption(
      new Option(
        '--tta <flips|d4>',
        'add a row for each row or run that was tested with these views (train --tta); default: as the experiment was defined',
      ).choices(viewsChoices),
    )
    .option('--common', 'compare on the test images that all have; other images are left out')
    .option('--out <file>', 'write to a file instead of the terminal')
    .addOption(new Option('--json', 'print JSON, like --format json').conflicts('format'));
}
