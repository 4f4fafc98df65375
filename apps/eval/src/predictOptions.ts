/** The options of `predict`. */
import { extname } from 'node:path';
import {
  type Issue,
  type PrecisionChoice,
  type SaliencyMethod,
  saliencyMethods,
  throwIssues,
} from '@nonlocal-med/core';
import type { TestTimeAugmentation } from '@nonlocal-med/pipeline';
import { dataFlags, under } from '@nonlocal-med/pipeline/options';
import {
  integerFrom,
  keepFormulasOption,
  resolveUserPath,
  splitList,
} from '@nonlocal-med/terminal';
import { type Command, Option } from 'commander';
import { addFlags } from './dataFlagOptions.js';
import {
  type Backend,
  engineOption,
  precisionOption,
  rejectUnused,
  rowOption,
  ttaOption,
} from './options.js';

/** Parsed command-line options of `predict`. */
export interface PredictOptions {
  readonly csv?: string;
  readonly keepFormulas?: true;
  /** True without a file, which prints. */
  readonly json?: string | true;
  readonly onBadImage: 'fail' | 'skip';
  readonly batch: number;
  readonly with?: readonly string[];
  readonly row?: string;
  readonly tta?: TestTimeAugmentation;
  readonly fileColumn?: string;
  readonly labelColumn?: string;
  readonly labelColumns?: readonly string[];
  readonly labelMap?: unknown;
  readonly folderLabels?: true;
  readonly ignoreLabels?: true;
  readonly includeSeen?: true;
  readonly calibrated?: true;
  readonly explain?: string;
  readonly method?: SaliencyMethod;
  readonly layer?: string;
  readonly classes?: readonly string[];
  readonly precision?: PrecisionChoice;
  readonly engine?: Backend;
}

const LABELS = 'Manifests and labels:';

/** The flags of a data set that are about a manifest and its labels. */
export const labelFlags = under(
  LABELS,
  dataFlags.filter(({ path }) =>
    [
      'data.fileColumn',
      'data.labelColumn',
      'data.labelColumns',
      'data.labelMap',
      'data.labelSeparator',
      'data.noFinding',
      'data.uncertain',
      'data.blank',
    ].includes(path),
  ),
);

/** Adds the arguments and options of `predict` to its command. */
export function addPredictOptions(command: Command): Command {
  command
    .description(
      'Predict the probabilities of classes or findings for images, preprocessed as in training. With labels, also how well they are predicted, on images that the model was not trained on.',
    )
    .argument(
      '<model>',
      'folder of a run, of an exported model, or of an experiment, whose repeats form an ensemble',
    )
    .argument(
      '<image...>',
      'image files, folders, quoted patterns such as "scans/**/*.png", and CSV or Excel manifests',
    )
    .option('--csv <file>', 'write one row per image as CSV; - prints it')
    .addOption(keepFormulasOption())
    .option('--json [file]', 'write JSON; without a file or with -, print it')
    .addOption(
      new Option(
        '--on-bad-image <fail|skip>',
        'images that cannot be read are listed, and all others predicted; fail: then exit with code 2; skip: with 0',
      )
        .choices(['fail', 'skip'])
        .default('fail'),
    )
    .option(
      '--with <model...>',
      'more models: the probabilities of all are averaged; they must have the same classes',
    )
    .addOption(rowOption())
    .addOption(ttaOption())
    .option('--batch <count>', 'images per call of the network', integerFrom(1), 8);

  return addFlags(command, labelFlags)
    .optionsGroup(LABELS)
    .option('--folder-labels', 'the folder of an image names its true class')
    .option('--ignore-labels', 'do not use the labels of a manifest')
    .option('--include-seen', 'test images with labels that the model was trained on, too')
    .optionsGroup('Options:')
    .option(
      '--calibrated',
      'show and compare probabilities after the calibration of the model; default: as it was trained',
    )
    .optionsGroup('Saliency maps:')
    .option(
      '--explain <folder>',
      'write a saliency map over each image, at its own size, into this folder',
    )
    .addOption(
      new Option('--method <name>', 'kind of map; default: gradcam++').choices(
        Object.keys(saliencyMethods),
      ),
    )
    .option(
      '--layer <name>',
      'layer that the map belongs to; default: the usual one of the method, e1 for gradcam++',
    )
    .option(
      '--classes <name,...>',
      'classes or findings to explain, one map each: predicted, all, or names; default: predicted (at most 5 findings per image)',
      splitList,
    )
    .optionsGroup('Options:')
    .addOption(precisionOption())
    .addOption(engineOption('auto'));
}

/** Checks options that depend on each other. @throws InputError for options that have no effect or would overwrite an input. */
export function checkPredictOptions(options: PredictOptions, inputs: readonly string[]): void {
  const { explain, method, layer, classes, csv, json } = options;
  if (csv === undefined)
    rejectUnused({ '--keep-formulas': options.keepFormulas && 'true' }, 'only with --csv');
  if (explain === undefined)
    rejectUnused(
      { '--method': method, '--layer': layer, '--classes': classes?.join(',') },
      'only with --explain',
    );
  else
    rejectUnused(
      { '--with': options.with?.join(' '), '--tta': options.tta },
      'not with --explain: a saliency map explains one model on one image',
    );
  if (options.ignoreLabels !== undefined)
    rejectUnused(
      {
        '--label-column': options.labelColumn,
        '--folder-labels': options.folderLabels && 'true',
        '--include-seen': options.includeSeen && 'true',
      },
      'not with --ignore-labels',
    );
  const files = { '--csv': csv, '--json': json === true ? '-' : json };
  const extensions = { '--csv': '.csv', '--json': '.json' } as const;
  const given = inputs.map((input) => resolveUserPath(input));
  const issues = (['--csv', '--json'] as const).flatMap((path): Issue[] => {
    const file = files[path];
    if (file === undefined || file === '-') return [];
    if (extname(file).toLowerCase() !== extensions[path])
      return [
        {
          path,
          message: `got "${file}"`,
          hint: `a file that ends in ${extensions[path]}, or - to print; images come before the options`,
        },
      ];
    if (given.includes(resolveUserPath(file)))
      return [{ path, message: `"${file}" is one of the inputs`, hint: 'another file' }];
    return [];
  });
  if (files['--csv'] === '-' && files['--json'] === '-')
    issues.push({
      path: '--json',
      message: 'CSV and JSON cannot both be printed',
      hint: 'name a file for one of them',
    });
  throwIssues(issues);
}
