import { InputError } from '@nonlocal-med/core';
import { lockRun, readEvents, runFiles, type RunFolder, type RunLock } from '@nonlocal-med/runs';
import { loadCheckpoint, type LoadedCheckpoint } from '../checkpoint/loadCheckpoint.js';
import type { TrainOptions } from '../options/trainOptionsSchema.js';
import { endOfLog } from './endOfLog.js';
import type { FitOptions } from './fitOptions.js';
import { openRun } from './openRun.js';

/** A run that this process alone may train now. */
export interface TakenRun {
  readonly folder: RunFolder;
  readonly lock: RunLock;
  /** The checkpoint to go on from; null where there is none or a new run begins. */
  readonly loaded: LoadedCheckpoint | null;
}

/**
 * Opens or makes the run's folder and locks it.
 * @throws InputError when the run was begun already and is not to be resumed.
 */
export async function takeRun(
  run: NonNullable<FitOptions['run']>,
  { options, resume }: { options: TrainOptions; resume: boolean },
): Promise<TakenRun> {
  const folder = await openRun(run, { options, resume });
  const lock = await lockRun(folder.path);
  try {
    if (!resume) await refuseBegunRun(folder);
    return {
      folder,
      lock,
      loaded: resume ? await loadCheckpoint(folder.file(runFiles.last)) : null,
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function refuseBegunRun(run: RunFolder): Promise<void> {
  const events = await readEvents(run.file(runFiles.events));
  if (!events.some(({ type }) => type === 'start')) return;
  const finished = (await endOfLog(run)) !== undefined;
  throw new InputError({
    path: run.path,
    message: `holds a run that is ${finished ? 'finished' : 'begun'} already`,
    hint: `${finished ? '' : 'resume it, or '}choose another folder`,
  });
}
