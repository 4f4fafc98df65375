import * as tf from '@tensorflow/tfjs-core';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/** Options of {@link softmaxCrossEntropy}. */
export interface CrossEntropyOptions {
  /** One weight per class. Default: all 1. */
  readonly classWeights?: readonly number[];
}

/**
 * Mean cross-entropy of logits, as `torch.nn.functional.cross_entropy`: with class weights, the sum of the weighted losses
 * is divided by the sum of the weights of the labels.
 * @param logits [B, K]
 * @param labels int32 [B], 0 to K - 1
 * @returns a scalar
 * @throws RangeError if the number of labels or weights does not match the logits
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { classWeights }: CrossEntropyOptions = {},
): tf.Scalar {
  const [batch, classes] = logits.shape;
  if (labels.shape[0] !== batch)
    throw new RangeError(`${batch} rows of logits need ${batch} labels, not ${labels.shape[0]}`);
  if (classWeights !== undefined && classWeights.length !== classes)
    throw new RangeError(`${classes} classes need ${classes} weights, not ${classWeights.length}`);
  return differentiable({
    inputs: { logits },
    forward: (save) => {
      const targets = weightedTargets(labels, classes, classWeights); // [B, K], sums to 1
      const logProbabilities = tf.logSoftmax(logits);
      save([logProbabilities, targets]);
      return tf.neg(tf.sum<tf.Scalar>(tf.mul(targets, logProbabilities)));
    },
    backward: (dy: tf.Scalar, [logProbabilities, targets]) => ({
      logits: () => {
        const weights = tf.sum(targets, 1, true); // [B, 1]
        const expected = tf.mul(tf.exp(logProbabilities), weights);
        const gradient = tf.mul(tf.sub(expected, targets), dy);
        disposeAfterBackward(dy, [logProbabilities, targets]);
        return gradient;
      },
    }),
  });
}

/** One-hot rows times the weight of their label, divided by the sum of these weights. */
function weightedTargets(
  labels: tf.Tensor1D,
  classes: number,
  classWeights: readonly number[] | undefined,
): tf.Tensor2D {
  const oneHot = tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor2D;
  const weighted =
    classWeights === undefined
      ? oneHot
      : tf.mul<tf.Tensor2D>(oneHot, tf.tensor1d([...classWeights]));
  return tf.div(weighted, tf.sum(weighted));
}
