import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine } from '@nonlocal-med/core';
import { openRunFolder, runFiles } from '@nonlocal-med/runs';
import { exitCodes } from '@nonlocal-med/terminal';
import { replaceOptions, thisProgram } from '../slurm/taskCommand.js';
import { launchMembers } from './launchMembers.js';

/** How the command that was typed is executed by several processes. */
interface ProcessesOptions {
  readonly processes?: number;
  readonly signal: AbortSignal;
}

/**
 * Executes the command that was typed on several processes of this machine, and ends with the exit code of member 0.
 * @param folder of the run
 * @throws Error with the first cause of a failure, and how to resume the run.
 */
export async function trainOnProcesses(
  folder: string,
  { processes: count = 1, signal }: ProcessesOptions,
): Promise<void> {
  const typed = process.argv.slice(2);
  const starts = typed.includes('train');
  const words = replaceOptions(typed, {
    removed: { '--processes': 1, ...(starts ? { '--out': 1 } : {}) },
    added: starts ? ['--out', folder] : [],
  });
  try {
    const ended = await launchMembers([...thisProgram(), ...words], { count, signal });
    if (ended === 'interrupted') process.exitCode = exitCodes.interrupted;
  } catch (error) {
    if (error instanceof Error && existsSync(join(folder, runFiles.last)))
      error.message += ` A checkpoint is saved. Continue, with any number of processes, with:\n${commandLine('trainer', 'resume', folder, '--processes', String(count))}`;
    throw error;
  }
}

/** Whether a run needs several processes: what follows its training is done by one. */
export async function isLeftToTrain(folder: string): Promise<boolean> {
  const { state } = await (await openRunFolder(folder)).status();
  return state !== 'finished';
}
