import { setImmediate } from 'node:timers/promises';
import {
  type Batch,
  type BatchSource,
  logitProbabilities,
  type TaskPredictions,
} from '@nonlocal-med/core';
import { asGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { computeIn, type Precision } from './precision.js';
import { namedWeights } from './weights.js';

/** How a pass over a source is observed and stopped. */
export interface PassOptions {
  /** Stops before the next batch; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every batch with the number of samples done and in all. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Options of {@link predict}. */
export interface PredictOptions extends PassOptions {
  /** As in `fit`; used where there are enough batches to benefit from it. Default false. */
  readonly graph?: boolean;
  /** Type in which convolutions and matrix products are computed. Default float32. */
  readonly precision?: Precision;
}

/** Fewer batches are computed without a graph: compiling takes about as long as it saves on this many batches. */
export const MINIMUM_GRAPH_BATCHES = 16;

/**
 * Predicts every sample of a source, with the model in evaluation mode: one pass over the source's epoch 0.
 * @param model from images [B, H, W, 3] to logits [B, classes], of which the softmax is computed here, in float64; for a
 * source with the task `multilabel` to logits [B, findings], of which it is the sigmoid.
 * @returns ids, labels [N] and probabilities [N, classes], in the order of the source; for the task `multilabel`
 * `FindingPredictions`, with labels and probabilities [N, findings].
 * @throws Error when a logit is not finite, with the samples' ids.
 */
export async function predict(
  model: LayersModel,
  source: BatchSource,
  { graph = false, precision, ...options }: PredictOptions = {},
): Promise<TaskPredictions> {
  const logits = createLogits(model, {
    graph: graph && source.batchesPerEpoch >= MINIMUM_GRAPH_BATCHES,
    precision,
  });
  try {
    return await predictBatches(logits, source, options);
  } finally {
    logits.dispose();
  }
}

/** Predicts every sample of a source with a prepared model; see {@link predict}. */
export async function predictBatches(
  logits: Logits,
  source: BatchSource,
  { signal, onProgress }: PassOptions,
): Promise<TaskPredictions> {
  const { task, classes } = source;
  const ids: string[] = [];
  const labels: number[] = [];
  const rows: Float64Array[] = [];
  signal?.throwIfAborted();
  for await (const batch of source.epoch(0)) {
    rows.push(logitProbabilities(await logits.of(batch), classes.length, task));
    ids.push(...batch.ids);
    labels.push(...batch.labels);
    onProgress?.({ done: ids.length, total: source.sampleCount });
    await setImmediate(); // lets signal handlers and the loader's messages through
    signal?.throwIfAborted();
  }
  const probabilities = new Float64Array(ids.length * classes.length);
  let offset = 0;
  for (const row of rows) {
    probabilities.set(row, offset);
    offset += row.length;
  }
  const predicted = { ids, labels: Int32Array.from(labels), probabilities };
  return task === 'multilabel' ? { findings: classes, ...predicted } : { classes, ...predicted };
}

/** A model in evaluation mode. */
export interface Logits {
  /**
   * Logits of a batch, [B * classes].
   * @throws Error when one is not finite, with the samples' ids.
   */
  of(batch: Batch): Promise<Float32Array>;
  /** Frees the compiled graph; the model stays. */
  dispose(): void;
}

/** How {@link createLogits} computes. */
export interface LogitsOptions {
  /** Compiles batches into one graph of TensorFlow where possible. */
  readonly graph: boolean;
  /** Type in which convolutions and matrix products are computed. Default float32. */
  readonly precision?: Precision;
}

/** Prepares a model for evaluation: `of` computes logits, [B, classes], of images, [B, H, W, 3]. */
export function createLogits(
  model: LayersModel,
  { graph, precision = 'float32' }: LogitsOptions,
): Logits {
  const variables = namedWeights(model).map(({ variable }) => variable);
  const compute = ([images]: readonly tf.Tensor[]): tf.Tensor[] =>
    computeIn(precision, {
      castOnce: variables,
      compute: () => [tf.tidy(() => model.apply(images, { training: false }) as tf.Tensor)],
    });
  const compiled = asGraph({ compute, variables });
  return {
    async of(batch) {
      const [logits] = tf.tidy(() => {
        const inputs = [tf.tensor4d(batch.images, [...batch.shape])];
        return graph ? compiled.run(inputs) : compute(inputs);
      });
      const values = await logits.data<'float32'>();
      logits.dispose();
      if (!values.every(Number.isFinite))
        throw new Error(
          `The model's output is not finite for at least one of: ${batch.ids.join(', ')}.`,
        );
      return values;
    },
    dispose: () => compiled.dispose(),
  };
}
