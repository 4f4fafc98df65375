import { resolve } from 'node:path';
import type { SlurmCommand } from './slurmScript.js';

/** The words that start this program again, from any folder. */
export const thisProgram = (): string[] => [process.execPath, resolve(process.argv[1])];

/** The command that was typed, for a task of a job to execute. */
export function typedCommand(
  added: readonly string[],
  { setsThreads }: Pick<SlurmCommand, 'setsThreads'>,
): SlurmCommand {
  return { words: [...thisProgram(), ...taskArguments(process.argv.slice(2), added)], setsThreads };
}

/** Options of this program that say how a job is submitted, with the number of their values: tasks do not get them. */
const submissionOptions: Readonly<Record<string, 0 | 1>> = {
  '--slurm': 1,
  '--print': 0,
  '--jobs': 1,
  '--json': 0,
  '--out': 1,
};

/**
 * The arguments of the command that was typed, for a task of a job.
 * @param typed without node and the script
 * @param added arguments that every task gets
 */
export const taskArguments = (typed: readonly string[], added: readonly string[]): string[] =>
  replaceOptions(typed, { removed: submissionOptions, added });

/** Options of a command, with the number of their values. */
type OptionValues = Readonly<Record<string, 0 | 1>>;

/** Arguments of a command line without some options, and with others at the end. */
export function replaceOptions(
  typed: readonly string[],
  { removed, added }: { readonly removed: OptionValues; readonly added: readonly string[] },
): string[] {
  const kept: string[] = [];
  for (let i = 0; i < typed.length; i++) {
    const [name] = typed[i].split('=', 1);
    const values = removed[name];
    if (values === undefined) kept.push(typed[i]);
    else if (!typed[i].includes('=')) i += values;
  }
  return [...kept, ...added];
}
