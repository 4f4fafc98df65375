import type { BatchSource, Predictions } from '@nonlocal-med/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createLogits } from './createLogits.js';
import { type PassOptions, predictBatches } from './predictBatches.js';

/** Options of {@link predict}. */
export interface PredictOptions extends PassOptions {
  /** As in `fit`; taken up where there are enough batches to gain from it. Default false. */
  readonly graph?: boolean;
}

/** Making a graph takes about as long as it saves on so many batches. */
const WORTH_A_GRAPH = 16;

/**
 * What a model says of every sample of a source, in evaluation mode: one pass over the source's epoch 0.
 * @param model from [B, H, W, 3] to logits [B, classes]; the softmax is computed here, in float64.
 * @throws Error when a logit is not finite, with the samples' ids.
 */
export async function predict(
  model: LayersModel,
  source: BatchSource,
  { graph = false, ...options }: PredictOptions = {},
): Promise<Predictions> {
  const logits = createLogits(model, { graph: graph && source.batchesPerEpoch >= WORTH_A_GRAPH });
  try {
    return await predictBatches(logits, source, options);
  } finally {
    logits.dispose();
  }
}
