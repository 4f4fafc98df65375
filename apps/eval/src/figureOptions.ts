/** The options of `figure`. */
import { type SaliencyMethod, saliencyMethods } from '@nonlocal-med/core';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { splitList } from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { type Backend, BEST_WEIGHTS, engineOption, weightsOption } from './options.js';

/** Parsed command-line options of `figure`. */
export interface FigureOptions {
  readonly out: string;
  readonly kind: 'maps' | 'roc' | 'precision-recall';
  readonly images?: string;
  readonly classes?: 'predicted' | 'true';
  readonly method?: SaliencyMethod;
  readonly titles?: string[];
  readonly masks?: string;
  readonly weights?: WeightsChoice;
  readonly engine?: Backend;
  readonly json?: true;
}

/** Adds the arguments and options of `figure` to its command. */
export function addFigureOptions(command: Command): Command {
  return command
    .description(
      'Render a figure for a paper. Saliency maps: one row per image, with its lesions if there are masks, and one column per run. Curves: one plot per class or finding, with the AUC or average precision of each run and its interval.',
    )
    .argument(
      '<run...>',
      'folders of trained runs on one data set, the baseline first; append @METHOD, @LAYER or @METHOD@LAYER to choose the map of a column, e.g. runs/first@gradcam@e4',
    )
    .requiredOption('--out <file>', 'file to write: .png for maps, .svg for curves')
    .addOption(
      new Option('--kind <name>', 'what is shown: saliency maps, ROC or precision-recall curves')
        .choices(['maps', 'roc', 'precision-recall'])
        .default('maps'),
    )
    .option(
      '--images <number|id,...>',
      'number of test images, or their ids; default: 4 on which the runs differ, small lesions first',
    )
    .addOption(
      new Option('--classes <predicted|true>', 'class to explain; default: predicted').choices([
        'predicted',
        'true',
      ]),
    )
    .addOption(
      new Option(
        '--method <name>',
        'kind of map in columns that name none; default: gradcam++ at e1, or with a layer gradcam',
      ).choices(Object.keys(saliencyMethods)),
    )
    .option(
      '--titles <text,...>',
      'titles of the runs; default: their shortest unambiguous paths',
      splitList,
    )
    .option(
      '--masks <folder>',
      'lesion masks named like their images, for data sets that list no masks',
    )
    .addOption(weightsOption(BEST_WEIGHTS))
    .addOption(engineOption('the backend of each run'))
    .option('--json', 'print JSON');
}
