import { join } from 'node:path';
import { type Claim, claimFile } from '@nonlocal-med/core/node';
import { claimFileOf, experimentFiles, isFinished } from '@nonlocal-med/runs';
import type { PlannedRun } from './planExperiment.js';

/** A run that this process alone may make now. */
export interface ClaimedRun {
  readonly run: PlannedRun;
  readonly claim: Claim;
}

/** The runs of an experiment, handed out one by one. */
export interface RunQueue {
  /**
   * The next run that is neither finished nor anybody's. `elsewhere`: those that are left are other processes'.
   * `empty`: none is left.
   */
  next(): Promise<ClaimedRun | 'elsewhere' | 'empty'>;
  /** Gives a taken run up; this queue does not hand it out again, whatever came of it. */
  done(taken: ClaimedRun): Promise<void>;
}

/**
 * Hands out runs in their order. Several processes, on machines that share the folder, may have a queue each: a run is
 * claimed before it is handed out, and the claim of a process that has died is taken over.
 * @param onFinished a run was found finished: from before, or by another process meanwhile.
 */
export function createRunQueue(
  folder: string,
  runs: readonly PlannedRun[],
  { onFinished }: { readonly onFinished: (run: PlannedRun) => void },
): RunQueue {
  const waiting = new Set(runs);
  const lockFolder = join(folder, experimentFiles.claims);
  let turn: Promise<unknown> = Promise.resolve();

  const settled = async (run: PlannedRun): Promise<boolean> => {
    if (!(await isFinished(folder, run))) return false;
    waiting.delete(run);
    onFinished(run);
    return true;
  };

  const take = async (): Promise<ClaimedRun | 'elsewhere' | 'empty'> => {
    for (const run of [...waiting]) {
      if (await settled(run)) continue;
      const taken = await claimFile(claimFileOf(folder, run), { lockFolder });
      if ('holder' in taken) continue;
      if (await settled(run)) {
        await taken.claim.release();
        continue;
      }
      waiting.delete(run);
      return { run, claim: taken.claim };
    }
    return waiting.size > 0 ? 'elsewhere' : 'empty';
  };

  return {
    next() {
      const mine = turn.then(take);
      turn = mine.catch(() => undefined);
      return mine;
    },
    done: ({ claim }) => claim.release(),
  };
}
