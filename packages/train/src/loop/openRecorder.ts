import type { TrainingEvent } from '@nonlocal-med/core';
import {
  openEventLog,
  openScalarLog,
  readEvents,
  runFiles,
  type RunFolder,
} from '@nonlocal-med/runs';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { rewindLog } from './rewindLog.js';

/** Where a run's events go before the caller sees them: its log and TensorBoard. */
export interface Recorder {
  /** Records an event and hands it back. */
  record(event: TrainingEvent): Promise<TrainingEvent>;
  /**
   * Writes a checkpoint and the line that reports it so that both agree, wherever the process is killed: the
   * checkpoint holds the line and its place.
   */
  recordCheckpoint(
    event: TrainingEvent,
    write: (log: Checkpoint['log']) => Promise<unknown>,
  ): Promise<TrainingEvent>;
  close(): Promise<void>;
}

/** Without a run's folder, events only pass through. */
const passThrough: Recorder = {
  record: (event) => Promise.resolve(event),
  async recordCheckpoint(event, write) {
    await write(undefined);
    return event;
  },
  close: () => Promise.resolve(),
};

/**
 * Opens a run's log and TensorBoard file.
 * @param resumed the checkpoint that the run goes on from (null: from the beginning); lines after it are dropped, so
 * that the log reads as one run. Undefined for a new run, whose log may hold lines of its caller.
 */
export async function openRecorder(
  run: RunFolder | undefined,
  resumed?: Checkpoint | null,
): Promise<Recorder> {
  if (run === undefined) return passThrough;
  const file = run.file(runFiles.events);
  const log = await openEventLog(file);
  if (resumed !== undefined) await rewindLog(log, { file, to: resumed?.log });
  const scalars = await openScalarLog(run.file(runFiles.tensorboard), await readEvents(file));
  return {
    async record(event) {
      await scalars.append(await log.append(event));
      return event;
    },
    async recordCheckpoint(event, write) {
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
