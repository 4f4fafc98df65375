import type { Batch } from '@nonlocal-med/core';
import { asGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { namedWeights } from '../weights/namedWeights.js';

/** A model in evaluation mode. */
export interface Logits {
  /**
   * Logits of a batch, [B * classes].
   * @throws Error when one is not finite, with the samples' ids.
   */
  of(batch: Batch): Promise<Float32Array>;
  /** Frees what it keeps; the model stays. */
  dispose(): void;
}

/** @param options graph: batches become one graph of TensorFlow where they can */
export function createLogits(model: LayersModel, { graph }: { graph: boolean }): Logits {
  const compute = ([images]: readonly tf.Tensor[]): tf.Tensor[] => [
    tf.tidy(() => model.apply(images, { training: false }) as tf.Tensor),
  ];
  const repeated = asGraph({
    compute,
    variables: namedWeights(model).map(({ variable }) => variable),
  });
  return {
    async of(batch) {
      const [logits] = tf.tidy(() => {
        const inputs = [tf.tensor4d(batch.images, [...batch.shape])];
        return graph ? repeated.run(inputs) : compute(inputs);
      });
      const values = await logits.data<'float32'>();
      logits.dispose();
      if (!values.every(Number.isFinite))
        throw new Error(
          `The model's output is not finite for at least one of: ${batch.ids.join(', ')}.`,
        );
      return values;
    },
    dispose: () => repeated.dispose(),
  };
}
