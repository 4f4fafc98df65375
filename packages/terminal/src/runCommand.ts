import { InputError, UnavailableError } from '@nonlocal-med/core';
import { exitCodes } from './exitCodes.js';

/** What a command is given. */
export interface CommandContext {
  /** Aborted at the first Ctrl-C (or SIGTERM): finish the step, save, return. */
  readonly signal: AbortSignal;
}

/**
 * The outermost function of a program: runs `main` and ends the process with the right exit code. Wrong input and a
 * missing engine print their message and end with 2; other failures print theirs and end with 1 (the stack with
 * `NONLOCAL_MED_DEBUG=1`). The first Ctrl-C lets `main` save and return, which ends with 130; the second ends at once.
 * A reader that closes standard output early (`| head`) ends the program quietly.
 */
export async function runCommand(main: (context: CommandContext) => Promise<number | void>): Promise<void> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    process.stderr.write('\nStopping after this step and saving; press again to quit at once.\n');
    controller.abort(new InterruptedError());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.done);
    throw error;
  });
  let code: number;
  try {
    code = (await main({ signal: controller.signal })) ?? exitCodes.done;
    if (controller.signal.aborted) code = exitCodes.interrupted;
  } catch (error) {
    code = report(error);
  }
  process.exitCode = code;
  await drained(process.stdout);
  await drained(process.stderr);
  process.exit(code);
}

/** Why a command was aborted; not a failure. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  constructor() {
    super('interrupted');
  }
}

function report(error: unknown): number {
  if (error instanceof InterruptedError) return exitCodes.interrupted;
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  const debug = process.env.NONLOCAL_MED_DEBUG === '1';
  process.stderr.write(`${debug ? (stack ?? message) : `error: ${message}`}\n`);
  if (error instanceof InputError || error instanceof UnavailableError) return exitCodes.wrongInput;
  if (!debug) process.stderr.write('Set NONLOCAL_MED_DEBUG=1 to see where it happened.\n');
  return exitCodes.failed;
}

/** Resolves when everything written so far has left the process. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
