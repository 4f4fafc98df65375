/** The options of `evaluate`. */
import type { PrecisionChoice } from '@nonlocal-med/core';
import type { TestTimeAugmentation } from '@nonlocal-med/pipeline';
import type { WeightsChoice } from '@nonlocal-med/runs';
import { keepFormulasOption } from '@nonlocal-med/terminal';
import type { Command } from 'commander';
import { addDataFlags, type DataFlagOptions } from './dataFlagOptions.js';
import { addDecisionFlags, type DecisionOptions } from './decisionFlags.js';
import {
  type Backend,
  BEST_WEIGHTS,
  engineOption,
  precisionOption,
  rowOption,
  ttaOption,
  weightsOption,
} from './options.js';

/** Parsed command-line options about subgroups. */
export interface SubgroupFlags {
  readonly by?: string;
  readonly byOut?: string;
}

/** The flags that concern the decisions of one run and its groups of images, by name; undefined where they are not given. */
export const givenTestFlags = (options: EvaluateOptions): Record<string, string | undefined> => ({
  '--by': options.by,
  '--by-out': options.byOut,
  '--class': options.class,
  '--calibrated': options.calibrated && 'true',
  '--operating-point': options.operatingPoint?.join(' '),
  '--sensitivity': options.sensitivity?.join(' '),
  '--specificity': options.specificity?.join(' '),
});

/** Adds the flags of results by subgroup to a command. */
const addSubgroupFlags = (command: Command): Command =>
  command
    .option(
      '--by <attributes>',
      'also report every metric by subgroup, with the difference to the largest group: columns of the manifest or DICOM attributes, limits of numbers after a colon, + crosses two, e.g. sex,scanner,age:0-40-60-120,sex+scanner',
    )
    .option(
      '--by-out <file>',
      'write the results by subgroup: .csv and .json have every metric, .md and .tex a table',
    );

/** Parsed command-line options of `evaluate`. */
export type EvaluateOptions = DataFlagOptions &
  DecisionOptions &
  SubgroupFlags & {
    readonly data?: string;
    readonly includeSeen?: true;
    readonly weights?: WeightsChoice;
    readonly tta?: TestTimeAugmentation;
    readonly row?: string;
    readonly precision?: PrecisionChoice;
    readonly engine?: Backend;
    readonly predictions?: string;
    readonly keepFormulas?: true;
    readonly out?: string;
    readonly json?: true;
  };

/** Adds the arguments and options of `evaluate` to its command. */
export function addEvaluateOptions(command: Command): Command {
  command
    .description(
      'Evaluate a run on its test set, which reproduces its metrics exactly, or a model on another data set with --data. Images that the model was trained on are left out. Several models, or an experiment, are tested as an ensemble: the mean of their probabilities. A cross-validation without --data has its out-of-fold results.',
    )
    .argument(
      '<run-or-model...>',
      'folder of a run, of an exported model, or of an experiment, whose repeats form an ensemble; or several of them',
    );
  addSubgroupFlags(addDataFlags(command).optionsGroup('Subgroups:'));
  return addDecisionFlags(command.optionsGroup('Decisions:'))
    .optionsGroup('Options:')
    .option('--include-seen', 'test images of --data that the model was trained on, too')
    .addOption(ttaOption())
    .addOption(rowOption())
    .addOption(weightsOption(BEST_WEIGHTS))
    .addOption(precisionOption())
    .addOption(engineOption('the backend of the run, or auto for a model'))
    .option(
      '--predictions <file>',
      'write ids, labels and probabilities per class as CSV; NAME-decisions.csv beside it has the decisions at the operating points',
    )
    .addOption(keepFormulasOption())
    .option('--out <file>', 'write the result as JSON, like --json')
    .option('--json', 'print JSON');
}
