import * as tf from '@tensorflow/tfjs-core';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/** Options of {@link softmaxCrossEntropy}. */
export interface CrossEntropyOptions {
  /** One weight per class. Default: all 1. */
  readonly classWeights?: readonly number[];
  /** Share of each label that is spread evenly over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * Mean cross-entropy of logits, as `torch.nn.functional.cross_entropy`: with class weights, the sum of the weighted losses
 * is divided by the sum of the weights of the labels; label smoothing weights each class of the spread share by its own.
 * @param logits [B, K]
 * @param labels int32 [B], 0 to K - 1
 * @returns a scalar
 * @throws RangeError if the number of labels or weights does not match the logits, or the smoothing is not in [0, 1)
 */
export function softmaxCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { classWeights, labelSmoothing = 0 }: CrossEntropyOptions = {},
): tf.Scalar {
  const classes = logits.shape[1];
  checkClassLabels(logits, labels, classWeights);
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new RangeError(
      `the label smoothing must be at least 0 and below 1, not ${labelSmoothing}`,
    );
  return differentiable({
    inputs: { logits },
    forward: (save) => {
      const targets = weightedTargets(labels, { classes, classWeights, labelSmoothing }); // [B, K]
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

/** @throws RangeError if the number of labels or weights does not match the logits */
export function checkClassLabels(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  classWeights: readonly number[] | undefined,
): void {
  const [batch, classes] = logits.shape;
  if (labels.shape[0] !== batch)
    throw new RangeError(`${batch} rows of logits need ${batch} labels, not ${labels.shape[0]}`);
  if (classWeights !== undefined && classWeights.length !== classes)
    throw new RangeError(`${classes} classes need ${classes} weights, not ${classWeights.length}`);
}

/**
 * One-hot rows times the weight of their label, divided by the sum of these weights. The smoothed share of each row is spread
 * over all classes, each with its own weight.
 */
export function weightedTargets(
  labels: tf.Tensor1D,
  { classes, classWeights, labelSmoothing = 0 }: CrossEntropyOptions & { readonly classes: number },
): tf.Tensor2D {
  const oneHot = tf.cast(tf.oneHot(labels, classes), 'float32') as tf.Tensor2D;
  const weighted =
    classWeights === undefined
      ? oneHot
      : tf.mul<tf.Tensor2D>(oneHot, tf.tensor1d([...classWeights]));
  if (labelSmoothing === 0) return tf.div(weighted, tf.sum(weighted));
  const share = labelSmoothing / classes;
  const spread = Array.from({ length: classes }, (_, k) => share * (classWeights?.[k] ?? 1));
  const smooth = tf.add(tf.mul(weighted, 1 - labelSmoothing), tf.tensor1d(spread));
  return tf.div(smooth, tf.sum(weighted));
}
