import { fileURLToPath } from 'node:url';
import { parseCommandLine, runCommand } from '@nonlocal-med/terminal';
import { type Ended, runInProcess, startProgram } from '@nonlocal-med/testing';
import { createProgram } from '../program.js';

const file = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Starts the program in a process, as a user in `folder`. */
export const startEval = (folder: string, ...parameters: readonly string[]): Promise<Ended> =>
  startProgram({ file, parameters, folder });

/** Runs the program in this process, as a user in `folder`. */
export const runEval = (folder: string, ...parameters: readonly string[]): Promise<Ended> =>
  runInProcess(
    () => runCommand((context) => parseCommandLine(createProgram(context), process.argv)),
    { file, parameters, folder },
  );

/**
 * What the program prints for a user in `folder`.
 * @throws Error with its messages if it fails
 */
export async function printEval(folder: string, ...parameters: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runEval(folder, ...parameters);
  if (code !== 0) throw new Error(`${parameters.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

/** Text without line breaks, which depend on the lengths of names. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');
