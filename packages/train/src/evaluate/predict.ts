import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Batch, BatchSource, Predictions } from '@nonlocal-med/core';
import { softmax64 } from './softmax64.js';

/** Options of {@link predict}. */
export interface PredictOptions {
  /** Stops before the next batch; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/**
 * What a model says of every sample of a source, in evaluation mode: one pass over the source's epoch 0.
 * @param model from [B, H, W, 3] to logits [B, classes]; the softmax is computed here, in float64.
 * @throws Error when a logit is not finite, with the samples' ids.
 */
export async function predict(model: LayersModel, source: BatchSource, { signal, onProgress }: PredictOptions = {}): Promise<Predictions> {
  const classes = source.classes.length;
  const ids: string[] = [];
  const labels: number[] = [];
  const rows: Float64Array[] = [];
  signal?.throwIfAborted();
  for await (const batch of source.epoch(0)) {
    rows.push(softmax64(await logitsOf(model, batch), classes));
    ids.push(...batch.ids);
    labels.push(...batch.labels);
    onProgress?.({ done: ids.length, total: source.sampleCount });
    await setImmediate(); // lets signal handlers and the loader's messages through
    signal?.throwIfAborted();
  }
  const probabilities = new Float64Array(ids.length * classes);
  let at = 0;
  for (const row of rows) {
    probabilities.set(row, at);
    at += row.length;
  }
  return { classes: source.classes, ids, labels: Int32Array.from(labels), probabilities };
}

async function logitsOf(model: LayersModel, batch: Batch): Promise<Float32Array> {
  const logits = tf.tidy(() => model.apply(tf.tensor4d(batch.images, [...batch.shape]), { training: false }) as tf.Tensor);
  const values = await logits.data<'float32'>();
  logits.dispose();
  if (!values.every(Number.isFinite)) throw new Error(`The model's output is not finite for at least one of: ${batch.ids.join(', ')}.`);
  return values;
}
