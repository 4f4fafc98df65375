import { softmaxCrossEntropy } from '@nonlocal-med/tensor';
import { modelWeights } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Loss of one batch in training mode, and the gradient of each trainable weight by its reference key. The caller disposes. */
export function trainingStep(
  model: LayersModel,
  images: tf.Tensor4D,
  labels: tf.Tensor1D,
): { loss: tf.Scalar; gradients: Map<string, tf.Tensor>; byName: Record<string, tf.Tensor> } {
  const trainable = modelWeights(model).filter(({ variable }) => variable.trainable);
  const variables = trainable.map(({ variable }) => variable.read() as tf.Variable);
  const { value, grads } = tf.variableGrads(
    () => softmaxCrossEntropy(model.apply(images, { training: true }) as tf.Tensor2D, labels),
    variables,
  );
  return {
    loss: value,
    gradients: new Map(
      trainable.map(({ key, variable }) => [key, grads[(variable.read() as tf.Variable).name]]),
    ),
    byName: grads,
  };
}
