import { fileURLToPath } from 'node:url';
import { parseCommandLine, runCommand } from '@nonlocal-med/terminal';
import { type Ended, type OnOutput, runInProcess, startProgram } from '@nonlocal-med/testing';
import { createProgram } from '../program.js';

const file = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Starts the program in a process, as a user in `folder`. */
export const startTrainer = (
  folder: string,
  parameters: readonly string[],
  onOutput?: OnOutput,
): Promise<Ended> => startProgram({ file, parameters, folder }, onOutput);

/** Runs the program in this process, as a user in `folder`. */
export const runTrainer = (folder: string, parameters: readonly string[]): Promise<Ended> =>
  runInProcess(
    () => runCommand((context) => parseCommandLine(createProgram(context), process.argv)),
    { file, parameters, folder },
  );
