import type { TrainingEvent } from '@nonlocal-med/core';
import { runFiles } from '@nonlocal-med/runs';
import { explainFullDisk } from './checkpoint/saveCheckpoint.js';
import type { FitOptions } from './loop/fitOptions.js';
import { openTraining } from './loop/openTraining.js';
import { runTraining } from './loop/trainLoop.js';

/**
 * Trains a model, by default with softmax cross-entropy and PyTorch's Adam, and yields one event at a time. Nothing happens before the
 * first event is requested; leaving the loop over the events ends the training (without a checkpoint: use `signal` for
 * that).
 *
 * Epochs, batches and steps in events count from 1. With `run`, everything is also kept on disk: a run that was stopped
 * or killed at any moment resumes with `resume: true` and ends with the same weights, bit for bit, as one that was not
 * interrupted (same machine, same backend).
 * @throws InputError for options out of range, a model or sources that do not fit together, a run folder that is in use or
 * belongs to a run with other options; all of one kind are reported together, before the first step.
 * @throws DivergedError when the loss is not finite.
 *
 * @example
 * ```ts
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 * import { useEngine } from '@nonlocal-med/engine';
 * import { fit } from '@nonlocal-med/train';
 *
 * await useEngine({ backend: 'wasm' });
 * const model = sequential({
 *   layers: [layers.flatten({ inputShape: [2, 2, 3] }), layers.dense({ units: 2 })],
 * });
 * // Two batches of one dark and one bright image.
 * const images = Float32Array.from({ length: 24 }, (_, i) => (i < 12 ? -1 : 1));
 * const events = fit({
 *   model,
 *   train: {
 *     classes: ['dark', 'bright'],
 *     sampleCount: 4,
 *     batchesPerEpoch: 2,
 *     async *epoch(index, { firstBatch = 0 } = {}) {
 *       for (let batch = firstBatch; batch < 2; batch++)
 *         yield { images, shape: [2, 2, 2, 3], labels: Int32Array.of(0, 1), ids: ['a', 'b'] };
 *     },
 *   },
 *   epochs: 20,
 *   learningRate: 0.05,
 * });
 * const losses = [];
 * for await (const event of events) if (event.type === 'epoch') losses.push(event.trainLoss);
 * console.log(losses.length, Math.min(...losses) < 0.1); // 20 true
 * ```
 */
export async function* fit(options: FitOptions): AsyncGenerator<TrainingEvent, void, void> {
  const { training, close } = await openTraining(options);
  try {
    yield* runTraining(training);
    await training.members?.leave();
  } catch (error) {
    // The weights are those of the last step that all members have done.
    if ((error as Error).name === 'LostMemberError')
      yield* training.checkpointer.write(training.progress);
    await training.recorder
      .record({ type: 'warning', message: `The run stopped: ${(error as Error).message}` })
      .catch(() => undefined);
    const { folder } = training;
    throw folder === undefined
      ? error
      : await explainFullDisk(error, {
          file: folder.path,
          resumesFrom: folder.file(runFiles.last),
        });
  } finally {
    await close();
  }
}
