/** The flags of a data set in the commands that read one. */
import {
  choicesOfFlag,
  dataFlags,
  describeFlag,
  type OptionFlag,
} from '@nonlocal-med/pipeline/options';
import { flagOption } from '@nonlocal-med/terminal';
import type { Command } from 'commander';

/** Parsed command-line options that describe a data set: those of {@link dataFlags}, `--config` and `--set`. */
export type DataFlagOptions = Readonly<Record<string, unknown>> & {
  readonly config?: string;
  readonly set?: readonly string[];
};

/** Adds flags for options of a configuration to a command. */
export function addFlags(command: Command, flagsToAdd: readonly OptionFlag[]): Command {
  for (const flag of flagsToAdd)
    command.addOption(
      flagOption({ ...flag, description: describeFlag(flag), choices: choicesOfFlag(flag) }),
    );
  return command;
}

/** Adds the flags of a data set to a command, the same as those of training. */
export function addDataFlags(command: Command): Command {
  return addFlags(command, dataFlags)
    .option('--config <file>', 'YAML file whose section data describes the data set')
    .option(
      '--set <data.name=value...>',
      'any option of the data set, e.g. --set data.images=scans',
    );
}
