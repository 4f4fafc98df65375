import { InputError } from '@nonlocal-med/core';
import type { SlurmJob } from './slurmScript.js';

/** What a task needs. */
export interface SlurmResources {
  readonly megabytes?: number;
  readonly seconds?: number;
}

/** Cores of a task, unless the user asks for another number. */
const CORES = 4;
/** Warning before a time limit, in seconds: enough for the current step and a checkpoint. */
const WARNING_SECONDS = 120;

/** Names of options of sbatch, by what they say; a user's option with one of the names replaces the job's own. */
const optionNames = {
  name: ['--job-name', '-J'],
  array: ['--array', '-a'],
  cores: ['--cpus-per-task', '-c'],
  memory: ['--mem', '--mem-per-cpu', '--mem-per-gpu'],
  time: ['--time', '-t'],
  requeue: ['--requeue', '--no-requeue'],
  signal: ['--signal'],
  mode: ['--open-mode'],
  output: ['--output', '-o'],
  folder: ['--chdir', '-D'],
} as const;

/** Whether options for sbatch say how much memory, or time, a task needs. */
export function givesOption(options: string, option: keyof typeof optionNames): boolean {
  return optionNames[option].some((name) =>
    new RegExp(name.startsWith('--') ? `(^|\\s)${name}(=|\\s|$)` : `(^|\\s)${name}`).test(options),
  );
}

/**
 * What a job asks of Slurm, one directive each: what it needs itself, then what the user wants.
 * @throws InputError if an option or a path cannot be written into a script
 */
export function sbatchDirectives({
  name,
  tasks,
  resources: { megabytes, seconds },
  options,
  folder,
  log,
}: SlurmJob): string[] {
  const own: [keyof typeof optionNames, string | null][] = [
    ['name', `--job-name=${value(name)}`],
    ['array', tasks === undefined ? null : `--array=1-${tasks}`],
    ['cores', `--cpus-per-task=${CORES}`],
    ['memory', megabytes === undefined ? null : `--mem=${megabytes}M`],
    ['time', seconds === undefined ? null : `--time=${timeText(seconds)}`],
    ['requeue', '--requeue'],
    ['signal', `--signal=TERM@${WARNING_SECONDS}`],
    ['mode', '--open-mode=append'],
    ['output', `--output=${value(log)}`],
    ['folder', `--chdir=${value(folder)}`],
  ];
  const wanted = options.trim();
  if (/[\r\n]/.test(wanted))
    throw new InputError({
      path: '--slurm',
      message: `got ${JSON.stringify(options)}, which has several lines`,
      hint: 'options of sbatch in one line',
    });
  return [
    ...own.flatMap(([option, text]) =>
      text === null || givesOption(wanted, option) ? [] : [text],
    ),
    ...(wanted === '' ? [] : [wanted]),
  ];
}

/** A value as sbatch reads it from a script. */
function value(text: string): string {
  if (/[\r\n"]/.test(text))
    throw new InputError({
      path: '--slurm',
      message: `${JSON.stringify(text)} cannot be written into a batch script`,
      hint: 'a name without line breaks and double quotes',
    });
  return /[\s#']/.test(text) ? `"${text}"` : text;
}

/** `05:00:00`, rounded up to ten minutes. */
function timeText(seconds: number): string {
  const minutes = 10 * Math.ceil(seconds / 600);
  const pad = (part: number): string => String(part).padStart(2, '0');
  return `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}:00`;
}
