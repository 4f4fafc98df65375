import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '../run/loggedEvent.js';
import { encodeEvent, type ScalarPoint } from './encodeEvent.js';
import { encodeRecord } from './encodeRecord.js';
import { eventScalars } from './eventScalars.js';

/** A file of scalars that TensorBoard reads while it grows. */
export interface ScalarLog {
  append(event: LoggedEvent): Promise<void>;
  close(): Promise<void>;
}

/**
 * Begins a run's TensorBoard file anew from the lines that its log holds so far, and goes on from there: what
 * TensorBoard shows of a resumed run is one curve, without the steps that were done twice.
 * @param folder the run's `tensorboard` folder; event files of earlier processes in it are removed.
 */
export async function openScalarLog(
  folder: string,
  history: readonly LoggedEvent[],
): Promise<ScalarLog> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder))
    if (name.startsWith('events.out.tfevents.')) await rm(join(folder, name));
  const seconds = Date.now() / 1000;
  const file = await open(
    join(folder, `events.out.tfevents.${Math.floor(seconds)}.${hostname()}.${process.pid}`),
    'w',
  );
  let step = 0;

  const records = (event: LoggedEvent): Uint8Array[] => {
    if (event.type === 'step') step = event.step;
    return eventScalars(event, step).map((point: ScalarPoint) => encodeRecord(encodeEvent(point)));
  };
  const version = encodeRecord(
    encodeEvent({
      version: 'brain.Event:2',
      time: history.length > 0 ? history[0].time / 1000 : seconds,
    }),
  );
  await file.appendFile(Buffer.concat([version, ...history.flatMap(records)]));

  return {
    async append(event) {
      const bytes = Buffer.concat(records(event));
      if (bytes.length > 0) await file.appendFile(bytes);
    },
    close: () => file.close(),
  };
}
