import type { LoggedEvent } from '../run/loggedEvent.js';
import type { ScalarPoint } from './encodeEvent.js';

/** The scalars of one line of a run's log. `step` counts for epochs, which do not carry their own. */
export function eventScalars(event: LoggedEvent, step: number): ScalarPoint[] {
  const points = (values: Record<string, number | null>): ScalarPoint[] =>
    Object.entries(values).flatMap(([tag, value]) =>
      value === null ? [] : [{ tag, value, step, time: event.time / 1000 }],
    );
  if (event.type === 'step') {
    return points({
      'train/loss': event.loss,
      'train/learning_rate': event.learningRate,
      'time/step_milliseconds': event.milliseconds,
      'time/wait_milliseconds': event.waitMilliseconds,
    });
  }
  if (event.type === 'epoch') {
    const validation = Object.fromEntries(
      Object.entries(event.validation ?? {}).map(([name, value]) => [`validation/${name}`, value]),
    );
    return points({
      'epoch/train_loss': event.trainLoss,
      ...validation,
      'time/epoch_seconds': event.seconds,
      'memory/resident_bytes': event.residentBytes,
      'memory/tensors': event.tensors,
    });
  }
  return [];
}
