import { setImmediate } from 'node:timers/promises';
import type { BatchSource, Predictions } from '@nonlocal-med/core';
import type { Logits } from './createLogits.js';
import { softmax64 } from './softmax64.js';

/** How a pass over a source is watched and stopped. */
export interface PassOptions {
  /** Stops before the next batch; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Probabilities of every sample of a source: one pass over its epoch 0, the softmax in float64. */
export async function predictBatches(
  logits: Logits,
  source: BatchSource,
  { signal, onProgress }: PassOptions,
): Promise<Predictions> {
  const classes = source.classes.length;
  const ids: string[] = [];
  const labels: number[] = [];
  const rows: Float64Array[] = [];
  signal?.throwIfAborted();
  for await (const batch of source.epoch(0)) {
    rows.push(softmax64(await logits.of(batch), classes));
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
