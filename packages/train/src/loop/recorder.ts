import { readFile } from 'node:fs/promises';
import type { TrainingEvent } from '@nonlocal-med/core';
import {
  type EventLog,
  openEventLog,
  openScalarLog,
  readEvents,
  runFiles,
  type RunFolder,
  type RunLock,
} from '@nonlocal-med/runs';
import type { Checkpoint } from '../checkpoint/checkpoint.js';

/**
 * Records a run's events in its log and for TensorBoard before the caller sees them. Nothing is written once another process
 * has taken the run over: the methods reject instead.
 */
export interface Recorder {
  /** Records an event and returns it. */
  record(event: TrainingEvent): Promise<TrainingEvent>;
  /**
   * Writes a checkpoint and the line that reports it such that both agree wherever the process is killed: the
   * checkpoint contains the line and its position.
   */
  recordCheckpoint(
    event: TrainingEvent,
    write: (log: Checkpoint['log']) => Promise<unknown>,
  ): Promise<TrainingEvent>;
  close(): Promise<void>;
}

/** A run that this process has locked. */
interface LockedRun {
  readonly folder: RunFolder;
  readonly lock: RunLock;
}

/**
 * Opens a run's log and TensorBoard file.
 * @param run undefined: events are only passed through
 * @param resumed the checkpoint from which the run resumes (null: from the beginning); later lines are dropped, so that
 * the log reads as one run. Undefined for a new run, whose log may contain lines of its caller.
 */
export async function openRecorder(
  run: LockedRun | undefined,
  resumed?: Checkpoint | null,
): Promise<Recorder> {
  if (run === undefined) return passThrough;
  const { folder, lock } = run;
  const file = folder.file(runFiles.events);
  const log = await openEventLog(file);
  if (resumed !== undefined) await rewindLog(log, { file, to: resumed?.log });
  const scalars = await openScalarLog(folder.file(runFiles.tensorboard), await readEvents(file));
  return {
    async record(event) {
      await lock.check();
      await scalars.append(await log.append(event));
      return event;
    },
    async recordCheckpoint(event, write) {
      await lock.check();
      await log.sync();
      const line = JSON.stringify({ ...event, time: Date.now() });
      await write({ bytes: await log.size(), line });
      await log.appendLine(line);
      return event;
    },
    async close() {
      await log.sync();
      await log.close();
      await scalars.close();
    },
  };
}

const passThrough: Recorder = {
  record: (event) => Promise.resolve(event),
  async recordCheckpoint(event, write) {
    await write(undefined);
    return event;
  },
  close: () => Promise.resolve(),
};

/**
 * Restores a log to its state right after a checkpoint was written; without a checkpoint, to before the first `start`. A
 * log that has lost lines since is left as it is.
 */
async function rewindLog(
  log: EventLog,
  { file, to }: { readonly file: string; readonly to: Checkpoint['log'] },
): Promise<void> {
  if (to === undefined) return log.truncate(await bytesBeforeStart(file));
  if ((await log.size()) >= to.bytes) await log.truncate(to.bytes);
  await log.appendLine(to.line);
}

async function bytesBeforeStart(file: string): Promise<number> {
  let bytes = 0;
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line === '' || (JSON.parse(line) as { type: string }).type === 'start') break;
    bytes += Buffer.byteLength(line) + 1;
  }
  return bytes;
}
