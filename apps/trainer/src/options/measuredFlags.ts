import { InputError } from '@nonlocal-med/core';
import { isPlainObject, type RawOptions } from '@nonlocal-med/pipeline';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ClusterFlags } from '../processes/clusterFlags.js';

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
        'time of the whole run, in place of --epochs: as many epochs as a few measured steps promise, over which the schedule is spread',
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

/** Whether the batch size of a training is `auto`. */
export const hasAutomaticBatch = ({ training }: RawOptions): boolean =>
  isPlainObject(training) && training.batchSize === 'auto';

/** @throws InputError for flags that have no effect, or that exclude each other */
export function checkMeasuredFlags(
  raw: RawOptions,
  { hours, memoryLimit, ...flags }: MeasuredFlags & ClusterFlags,
): void {
  const automatic = hasAutomaticBatch(raw);
  if (memoryLimit !== undefined && !automatic)
    throw new InputError({
      path: '--memory-limit',
      message: 'has no effect',
      hint: 'only with --batch auto',
    });
  if (hours !== undefined && isPlainObject(raw.training) && raw.training.epochs !== undefined)
    throw new InputError({
      path: '--hours',
      message: `got ${hours}, and ${JSON.stringify(raw.training.epochs)} epochs`,
      hint: 'one of both: the number of epochs follows from the time',
    });
  const elsewhere = (['processes', 'members', 'slurm'] as const).find(
    (name) => flags[name] !== undefined,
  );
  if (elsewhere !== undefined && (automatic || hours !== undefined))
    throw new InputError({
      path: automatic ? '--batch auto' : '--hours',
      message: `cannot be measured for --${elsewhere}`,
      hint: `a number for ${automatic ? '--batch' : '--epochs'}: train without --${elsewhere} says the one that it measures`,
    });
}
