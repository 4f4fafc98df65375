/** The options of `explain`. */
import { saliencyMethods } from '@nonlocal-med/core';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { splitList } from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import { type Backend, BEST_WEIGHTS, engineOption, weightsOption } from './options.js';

/** Parsed command-line options of `explain`. */
export interface ExplainOptions {
  readonly data?: string;
  readonly labelColumn?: string;
  readonly maskColumn?: string;
  readonly masks?: string;
  readonly method?: string[];
  readonly layers?: string[];
  readonly classes?: string[];
  readonly images?: string;
  readonly curves?: true;
  readonly step?: string;
  readonly attentionAt?: string;
  readonly tolerance?: string;
  readonly weights?: WeightsChoice;
  readonly engine?: Backend;
  readonly out?: string;
  readonly json?: true;
}

/** Adds the arguments and options of `explain` to its command. */
export function addExplainOptions(command: Command): Command {
  return command
    .description(
      "Write saliency maps and overlays of a run's test images, and score the maps against lesion masks if there are any.",
    )
    .argument('<run>', 'folder of a trained run')
    .option(
      '--method <name,...>',
      `kinds of maps: ${Object.keys(saliencyMethods).join(', ')}; default: gradcam++ at e1, gradcam at the last feature map, and attention-source`,
      splitList,
    )
    .option(
      '--layers <name,...>',
      'layers that the maps belong to; default: the usual ones of each method',
      splitList,
    )
    .option(
      '--classes <name,...>',
      'classes to explain: predicted, true, all, or names; default: predicted',
      splitList,
    )
    .option(
      '--images <number|all|id,...>',
      'number of images, in proportion to the classes, or their ids; default: 40',
    )
    .option(
      '--curves',
      'also compute deletion and insertion curves (about 100 forward passes per map)',
    )
    .option('--step <pixels>', 'pixels changed per step of the curves; default: 2 % of the image')
    .option('--attention-at <x,y>', 'show the non-local attention of this pixel of the input')
    .option('--tolerance <pixels>', 'tolerance around a lesion in the pointing game; default: 0')
    .option(
      '--data <path>',
      "explain another data set with the run's classes instead of its test images",
    )
    .option('--label-column <name>', 'column of the class in the CSV manifest of --data')
    .option('--mask-column <name>', 'column of the lesion mask in the CSV manifest of --data')
    .option(
      '--masks <folder>',
      'lesion masks named like their images, for data sets that list no masks',
    )
    .option('--out <folder>', "folder to write to; default: explanations in the run's folder")
    .addOption(weightsOption(BEST_WEIGHTS))
    .addOption(engineOption('the backend of the run'))
    .option('--json', 'print JSON');
}
