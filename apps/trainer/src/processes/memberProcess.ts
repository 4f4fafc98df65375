/** What a process that {@link launchMembers} started does besides its command: it obeys and reports through a channel. */
import { exitCodes } from '@nonlocal-med/terminal';

/** Marks a process that was started by `--processes`. */
export const LAUNCHED = 'NONLOCAL_MED_LAUNCHED';

/** Why a member failed. */
export interface MemberReport {
  readonly name: string;
  readonly message: string;
}

/**
 * Does the work of a member. One that was launched stops when its launcher says so or has ended, and reports its failure to
 * the launcher instead of printing it.
 */
export async function asMember(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (process.env[LAUNCHED] !== '1' || process.send === undefined) return work(signal);
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  process.on('message', stop);
  process.on('disconnect', stop);
  try {
    await work(AbortSignal.any([signal, stopped.signal]));
    if (stopped.signal.aborted) process.exitCode = exitCodes.interrupted;
  } catch (error) {
    if (signal.aborted || stopped.signal.aborted) {
      process.exitCode = exitCodes.interrupted;
      if ((error as Error).name === 'AbortError' || (error as Error).name === 'InterruptedError')
        return;
    }
    const { name, message } = error as Error;
    process.exitCode = exitCodes.failed;
    await new Promise<void>((sent) => {
      if (process.connected) process.send!({ name, message }, () => sent());
      else sent();
    });
  }
}
