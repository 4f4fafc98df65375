import { type Command, InvalidArgumentError, Option } from 'commander';

/** Parsed options that set numbers of a training by what is measured on this computer. */
export interface MeasuredFlags {
  /** Time of the whole run. */
  readonly hours?: number;
  /** Memory that `--batch auto` may use, in GiB. */
  readonly memoryLimit?: number;
}

/** Adds `--hours` and `--memory-limit` to a command. */
export function addMeasuredFlags(command: Command): Command {
  const option = (flags: string, description: string): Option =>
    new Option(flags, description).argParser(positive).helpGroup('Training:');
  return command
    .addOption(
      option(
        '--hours <number>',
        'time of the whole run, in place of --epochs: as many epochs as fit, by a few measured steps; the schedule is spread over them',
      ),
    )
    .addOption(
      option(
        '--memory-limit <GiB>',
        'memory that --batch auto may use; default: 80 % of what is free',
      ),
    );
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value)))
    throw new InvalidArgumentError('Expected a number above 0.');
  return value;
}
