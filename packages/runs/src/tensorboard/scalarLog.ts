import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { LoggedEvent } from '../run/events.js';
import { encodeEvent, encodeRecord, type ScalarPoint } from './eventFile.js';

/** A file of scalars that TensorBoard reads while it grows. */
export interface ScalarLog {
  append(event: LoggedEvent): Promise<void>;
  close(): Promise<void>;
}

/**
 * Rewrites a run's TensorBoard file from the events in its log, ready for more: TensorBoard shows a resumed run as one
 * curve, without the steps that were repeated.
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
    return eventScalars(event, step).map((point) => encodeRecord(encodeEvent(point)));
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

/** The scalars of one event. @param step steps done: epochs do not carry it themselves */
function eventScalars(event: LoggedEvent, step: number): ScalarPoint[] {
  return Object.entries(scalarsByTag(event)).flatMap(([tag, value]) =>
    value === null ? [] : [{ tag, value, step, time: event.time / 1000 }],
  );
}

function scalarsByTag(event: LoggedEvent): Record<string, number | null> {
  if (event.type === 'step')
    return {
      'train/loss': event.loss,
      'train/learning_rate': event.learningRate,
      'time/step_milliseconds': event.milliseconds,
      'time/wait_milliseconds': event.waitMilliseconds,
    };
  if (event.type === 'epoch')
    return {
      'epoch/train_loss': event.trainLoss,
      ...Object.fromEntries(
        Object.entries(event.validation ?? {}).map(([name, value]) => [
          `validation/${name}`,
          value,
        ]),
      ),
      'time/epoch_seconds': event.seconds,
      'memory/resident_bytes': event.residentBytes,
      'memory/tensors': event.tensors,
    };
  return {};
}
