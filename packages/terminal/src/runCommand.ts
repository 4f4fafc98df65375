import { CLEAR_LINE } from './clearLine.js';
import { endProcess } from './endProcess.js';
import { exitCodes } from './exitCodes.js';
import { InterruptedError } from './interruptedError.js';
import { reportError } from './reportError.js';

/** What a command is given. */
export interface CommandContext {
  /** Aborted at the first Ctrl-C (or SIGTERM): finish the step, save, return. */
  readonly signal: AbortSignal;
}

/**
 * The outermost function of a program: runs `main` and ends the process with the right exit code. Wrong input and a
 * missing engine print their message and end with 2; other failures, also those outside of `main`'s own promise, print
 * theirs and end with 1 (stack and causes with `NONLOCAL_MED_DEBUG=1`). The first Ctrl-C lets `main` save and return,
 * which ends with 130; the second ends at once. A reader that closes standard output early (`| head`) ends the program
 * quietly; one that closes standard error only misses the progress.
 */
export async function runCommand(
  main: (context: CommandContext) => Promise<number | void>,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const fail = (error: unknown): void =>
    void endProcess(reportError(error, { interrupted: signal.aborted }));
  const interrupt = (): void => {
    if (signal.aborted) {
      if (process.stderr.isTTY) process.stderr.write('\n');
      process.exit(exitCodes.interrupted);
    }
    process.stderr.write(
      `${process.stderr.isTTY ? CLEAR_LINE : ''}Stopping after this step and saving; press again to quit at once.\n`,
    );
    controller.abort(new InterruptedError());
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    error.code === 'EPIPE' ? process.exit() : fail(error),
  );
  process.stderr.on('error', () => undefined);
  try {
    const code = (await main({ signal })) ?? exitCodes.done;
    await endProcess(signal.aborted && code === exitCodes.done ? exitCodes.interrupted : code);
  } catch (error) {
    fail(error);
  }
}
