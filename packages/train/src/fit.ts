import type { TrainingEvent } from '@nonlocal-med/core';
import type { FitOptions } from './loop/fitOptions.js';
import { openTraining } from './loop/openTraining.js';
import { runTraining } from './loop/runTraining.js';

/**
 * Trains a model: softmax cross-entropy, PyTorch's Adam, one event at a time. Nothing happens before the first event is
 * asked for; leaving the loop over the events ends the training (without a checkpoint: use `signal` for that).
 *
 * Epochs, batches and steps in events count from 1. With `run`, everything is also kept on disk: a run that was stopped
 * or killed at any moment goes on with `resume: true` and ends with the same weights, to the bit, as one that was not
 * (same machine, same engine).
 * @throws InputError for options out of range, a model or sources that do not fit, a run's folder that is in use or
 * belongs to a run with other options; all of one kind are reported together, before the first step.
 * @throws DivergedError when the loss is not finite.
 */
export async function* fit(options: FitOptions): AsyncGenerator<TrainingEvent, void, void> {
  const { training, close } = await openTraining(options);
  try {
    yield* runTraining(training);
  } catch (error) {
    await training.recorder
      .record({ type: 'warning', message: `The run stopped: ${(error as Error).message}` })
      .catch(() => undefined);
    throw error;
  } finally {
    await close();
  }
}
