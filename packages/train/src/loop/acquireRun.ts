import { commandLine, InputError } from '@nonlocal-med/core';
import { removeTemporaryFiles } from '@nonlocal-med/core/node';
import {
  createRunFolder,
  finalEvent,
  isRunFolder,
  lockRun,
  openRunFolder,
  readEvents,
  runFiles,
  type RunFolder,
  type RunLock,
} from '@nonlocal-med/runs';
import * as tf from '@tensorflow/tfjs-core';
import { loadCheckpoint, type LoadedCheckpoint } from '../checkpoint/loadCheckpoint.js';
import type { TrainOptions } from '../trainOptions.js';

/** A run that only this process may train now. */
export interface AcquiredRun {
  readonly folder: RunFolder;
  readonly lock: RunLock;
  /** The checkpoint to resume from; null where there is none or a new run starts. */
  readonly loaded: LoadedCheckpoint | null;
}

interface AcquireOptions {
  readonly options: TrainOptions;
  readonly resume: boolean;
}

/**
 * Opens or creates a run folder and locks it.
 * @throws InputError when the run has already been started and shall not be resumed.
 */
export async function acquireRun(
  run: RunFolder | string,
  { options, resume }: AcquireOptions,
): Promise<AcquiredRun> {
  const folder = typeof run === 'string' ? await openOrCreate(run, { options, resume }) : run;
  const lock = await lockRun(folder.path);
  try {
    if (!resume) await refuseStartedRun(folder);
    await removeTemporaryFiles(folder.path);
    const loaded = resume ? await loadCheckpoint(folder.file(runFiles.last)) : null;
    return { folder, lock, loaded };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openOrCreate(path: string, { options, resume }: AcquireOptions): Promise<RunFolder> {
  if (resume || (await isRunFolder(path))) return openRunFolder(path);
  return createRunFolder(path, {
    config: options,
    environment: { node: process.version, backend: tf.getBackend(), tfjs: tf.version_core },
  });
}

async function refuseStartedRun(run: RunFolder): Promise<void> {
  const events = await readEvents(run.file(runFiles.events));
  if (!events.some(({ type }) => type === 'start')) return;
  const finished = finalEvent(events) !== undefined;
  throw new InputError({
    path: run.path,
    message: `holds a run that is already ${finished ? 'finished' : 'started'}`,
    hint: `${finished ? '' : `resume it with ${commandLine('trainer', 'resume', run.path)}, or `}choose another folder`,
  });
}
