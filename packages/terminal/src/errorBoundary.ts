import { inspect } from 'node:util';
import { protectStream } from './controlCharacters.js';
import { describeFileError } from './fileErrors.js';
import { CLEAR_LINE } from './output.js';

/** Exit codes of the programs: done, failed, wrong input, or interrupted with the state saved. */
export const exitCodes = { done: 0, failed: 1, wrongInput: 2, interrupted: 130 } as const;

/** What the main function of a program receives. */
export interface CommandContext {
  /** Aborted at the first Ctrl-C, SIGTERM or SIGHUP: finish the current step, save, return. */
  readonly signal: AbortSignal;
}

/**
 * The outermost function of a program: runs `main` and ends the process with the right exit code.
 *
 * - Wrong input (`InputError`), a missing engine (`UnavailableError`), and a file or folder that may
 *   not be written or read print their message and exit with 2.
 * - Other failures, including those outside `main`'s own promise, print their message and exit
 *   with 1; `NONLOCAL_MED_DEBUG=1` adds stack and causes.
 * - The first Ctrl-C lets `main` save and return, then exits with 130; the second exits at once.
 * - SIGTERM (a scheduler) and SIGHUP (a closed terminal) do what the first Ctrl-C does, however often they come.
 * - Control characters in what is printed are made visible; `emitData` writes data as they are.
 * - A reader that closes standard output early (`| head`) ends the program quietly; one that closes
 *   standard error only misses the progress.
 *
 * @param main may return an exit code; nothing means 0
 */
export async function runCommand(
  main: (context: CommandContext) => Promise<number | void>,
): Promise<void> {
  protectStream(process.stdout);
  protectStream(process.stderr);
  const controller = new AbortController();
  const { signal } = controller;
  const fail = (error: unknown): void =>
    void endProcess(reportError(error, { interrupted: signal.aborted }));
  const stop = (message: string): void => {
    if (signal.aborted) return;
    writeMessage(message);
    controller.abort(new InterruptedError());
  };
  process.on('SIGINT', () => {
    if (signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write('\n');
      process.exit(exitCodes.interrupted);
    }
    stop('Stopping after this step and saving; press again to quit at once.');
  });
  process.on('SIGTERM', () => stop('Asked to end (SIGTERM): stopping after this step and saving.'));
  // Closing a terminal sends it more than once, and makes further output fail.
  process.on('SIGHUP', () => stop('The terminal was closed: stopping after this step and saving.'));
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    signal.aborted ? undefined : error.code === 'EPIPE' ? process.exit() : fail(error),
  );
  process.stderr.on('error', () => undefined);
  try {
    const code = (await main({ signal })) ?? exitCodes.done;
    await endProcess(signal.aborted && code === exitCodes.done ? exitCodes.interrupted : code);
  } catch (error) {
    fail(error);
  }
}

/** The reason of {@link CommandContext.signal}'s abort; not a failure. */
class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  constructor() {
    super('interrupted');
  }
}

/** Errors that the user can fix, by name, so that those of a second copy of core count too. */
const USER_ERRORS: readonly string[] = ['InputError', 'UnavailableError'];

/** Prints why a command failed to standard error and returns the exit code. */
function reportError(error: unknown, { interrupted }: { readonly interrupted: boolean }): number {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'InterruptedError' || (interrupted && name === 'AbortError'))
    return exitCodes.interrupted;
  const debug = process.env.NONLOCAL_MED_DEBUG === '1';
  const fileProblem = describeFileError(error);
  writeMessage(debug ? inspect(error) : `error: ${fileProblem ?? message}`);
  if (fileProblem !== undefined || USER_ERRORS.includes(name)) return exitCodes.wrongInput;
  if (!debug) process.stderr.write('Set NONLOCAL_MED_DEBUG=1 to see the stack trace.\n');
  return exitCodes.failed;
}

/** Writes a line to standard error, over a progress bar where there is one. */
function writeMessage(text: string): void {
  process.stderr.write(`${process.stderr.isTTY ? CLEAR_LINE : ''}${text}\n`);
}

/** Ends the process once everything written so far has been flushed. */
async function endProcess(code: number): Promise<never> {
  process.exitCode = code;
  await flush(process.stdout);
  await flush(process.stderr);
  process.exit(code);
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed || stream.writableEnded) resolve();
    else stream.write('', () => resolve());
  });
}
