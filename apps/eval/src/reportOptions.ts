/** The options of `report`. */
import { integerFrom } from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import { weightsOption } from './options.js';

/** Parsed command-line options of `report`. */
export interface ReportOptions {
  readonly out?: string;
  readonly weights?: 'selected' | 'last';
  readonly images: number;
  readonly by?: string;
  readonly json?: true;
}

/** Adds the arguments and options of `report` to its command. */
export function addReportOptions(command: Command): Command {
  return command
    .description(
      'Write one self-contained HTML page: results, curves, calibration, disagreements, test images, and how to reproduce them.',
    )
    .argument(
      '<run-or-experiment...>',
      'folders of tested runs, the baseline first, or the folder of an experiment; also predictions made elsewhere: FILE.csv, NAME=FILE.csv, or NAME=A.csv,B.csv for readers (docs/any-system.md)',
    )
    .option(
      '--out <file>',
      'file to write; default: report.html in the folder of the run or experiment, or comparison.html in the common folder of several runs',
    )
    .addOption(weightsOption('selected if there is a validation set'))
    .option(
      '--images <count>',
      'maximum number of images in the gallery, which `explain` provides',
      integerFrom(0),
      200,
    )
    .option(
      '--by <attributes>',
      'subgroups with a forest plot, such as sex,age:0-40-60-120; default: attributes that the runs kept and that have few values',
    )
    .option('--json', 'print JSON');
}
