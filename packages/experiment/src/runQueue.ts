import { join } from 'node:path';
import { type Claim, claimFile } from '@nonlocal-med/core/node';
import { claimFileOf, experimentFiles, isFinished } from '@nonlocal-med/runs';
import type { PlannedRun } from './planExperiment.js';

/** A run that only this process may execute now. */
export interface ClaimedRun {
  readonly run: PlannedRun;
  readonly claim: Claim;
}

/** The unfinished runs of an experiment, handed out one by one. */
export interface RunQueue {
  /**
   * Claims the next run that is neither finished nor claimed. `elsewhere`: other processes have claimed all remaining runs.
   * `empty`: no run is left.
   */
  next(): Promise<ClaimedRun | 'elsewhere' | 'empty'>;
  /** Releases a claim. This queue does not hand out the run again, whatever its outcome. */
  done(claimed: ClaimedRun): Promise<void>;
}

/**
 * Creates a queue that hands out runs in order. Several processes, also on machines that share the folder, can have one
 * each: a run is claimed before it is handed out, and the claim of a process that has died is taken over.
 * @param options.onFinished called with each run that is found to be finished, by an earlier call or by another process
 */
export function createRunQueue(
  folder: string,
  runs: readonly PlannedRun[],
  { onFinished }: { readonly onFinished: (run: PlannedRun) => void },
): RunQueue {
  const waiting = new Set(runs);
  const lockFolder = join(folder, experimentFiles.claims);
  let previous: Promise<unknown> = Promise.resolve();

  const removeIfFinished = async (run: PlannedRun): Promise<boolean> => {
    if (!(await isFinished(folder, run))) return false;
    waiting.delete(run);
    onFinished(run);
    return true;
  };

  const claimNext = async (): Promise<ClaimedRun | 'elsewhere' | 'empty'> => {
    for (const run of [...waiting]) {
      if (await removeIfFinished(run)) continue;
      const claimed = await claimFile(claimFileOf(folder, run), { lockFolder });
      if ('holder' in claimed) continue;
      // another process may have finished it before it was claimed
      if (await removeIfFinished(run)) {
        await claimed.claim.release();
        continue;
      }
      waiting.delete(run);
      return { run, claim: claimed.claim };
    }
    return waiting.size > 0 ? 'elsewhere' : 'empty';
  };

  return {
    next() {
      const next = previous.then(claimNext); // one caller at a time
      previous = next.catch(() => undefined);
      return next;
    },
    done: ({ claim }) => claim.release(),
  };
}
