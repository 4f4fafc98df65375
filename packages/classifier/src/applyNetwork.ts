import { logitProbabilities, type PixelData, type Pixels } from '@nonlocal-med/core';
import { normalize, preprocess } from '@nonlocal-med/data/image';
import * as tf from '@tensorflow/tfjs-core';
import { type ExportedNetwork, withoutNormalization } from './exportedNetwork.js';

/** What a network gives for an image. */
export interface NetworkOutput {
  /** One per class or finding. */
  readonly logits: readonly number[];
  /** Their softmax, or the sigmoid of each for findings, in 64-bit floating point. */
  readonly probabilities: readonly number[];
}

/**
 * Prepares an image for a network, as training did.
 * @returns RGB values 0..255 at the size of the network, [height, width, 3]
 */
export function prepareInput(
  pixels: Pixels<PixelData>,
  { preprocessing }: Pick<ExportedNetwork, 'preprocessing'>,
): Float32Array {
  const [height, width] = preprocessing.size;
  const values = new Float32Array(height * width * 3);
  return normalize(preprocess(pixels, preprocessing), withoutNormalization(preprocessing), values);
}

/**
 * Applies a network to a prepared image, without blocking.
 * @param values as {@link prepareInput} gives them
 * @throws Error if an output is not finite
 */
export async function applyNetwork(
  { logits: model, task, preprocessing }: ExportedNetwork,
  values: Float32Array,
): Promise<NetworkOutput> {
  const [height, width] = preprocessing.size;
  const output = tf.tidy(
    () => model.apply(tf.tensor4d(values, [1, height, width, 3]), { training: false }) as tf.Tensor,
  );
  try {
    const logits = [...(await output.data<'float32'>())];
    if (!logits.every(Number.isFinite))
      throw new Error(
        `The output of the network is not finite on the backend ${tf.getBackend()}: ${logits.join(', ')}.`,
      );
    return { logits, probabilities: [...logitProbabilities(logits, logits.length, task)] };
  } finally {
    output.dispose();
  }
}
