import * as tf from '@tensorflow/tfjs-core';
import { differentiable, disposeAfterBackward } from './differentiable.js';
import {
  checkFindingLabels,
  labelWeights,
  type SigmoidCrossEntropyOptions,
} from './sigmoidCrossEntropy.js';
import { checkClassLabels, weightedTargets } from './softmaxCrossEntropy.js';

/** Options of {@link softmaxFocalLoss}. */
export interface SoftmaxFocalOptions {
  /** Exponent of 1 - p. Default 2. */
  readonly gamma?: number;
  /** One weight per class. Default: all 1. */
  readonly classWeights?: readonly number[];
}

/**
 * Focal loss of classes, -(1 - p)^gamma log p of the softmax p of the label (Lin et al. 2017), as a mean with the weights of
 * `softmaxCrossEntropy`, which it equals for gamma 0.
 * @param logits [B, K]
 * @param labels int32 [B], 0 to K - 1
 * @returns a scalar
 * @throws RangeError if the number of labels or weights does not match the logits, or gamma is negative
 */
export function softmaxFocalLoss(
  logits: tf.Tensor2D,
  labels: tf.Tensor1D,
  { gamma = 2, classWeights }: SoftmaxFocalOptions = {},
): tf.Scalar {
  checkClassLabels(logits, labels, classWeights);
  checkGamma(gamma);
  return differentiable({
    inputs: { logits },
    forward: (save) => {
      const targets = weightedTargets(labels, { classes: logits.shape[1], classWeights }); // [B, K]
      const logProbabilities = tf.logSoftmax(logits);
      save([logProbabilities, targets]);
      const { others, logLabel, weight } = labelParts(logProbabilities, targets);
      return tf.neg(tf.sum<tf.Scalar>(tf.mul(weight, tf.mul(tf.pow(others, gamma), logLabel))));
    },
    backward: (dy: tf.Scalar, [logProbabilities, targets]) => ({
      logits: () => {
        const { others, logLabel, weight, isLabel } = labelParts(logProbabilities, targets);
        // d/d log p of (1 - p)^gamma log p is (1 - p)^gamma - gamma p (1 - p)^(gamma - 1) log p.
        const probability = tf.exp(logLabel);
        const steep = tf.mul(
          tf.pow(others, gamma - 1),
          tf.mul(tf.mul(probability, gamma), logLabel),
        );
        const slope = tf.mul(weight, tf.sub(tf.pow(others, gamma), steep)); // [B, 1]
        const gradient = tf.mul(tf.mul(tf.sub(tf.exp(logProbabilities), isLabel), slope), dy);
        disposeAfterBackward(dy, [logProbabilities, targets]);
        return gradient;
      },
    }),
  });
}

/** Below this 1 - p counts as this, so that a power below 0 stays finite. */
const SMALLEST = 1e-30;

/** Of each row: 1 - p as the sum of the other classes, exact near p = 1; log p; the weight; all [B, 1], and one-hot [B, K]. */
function labelParts(logProbabilities: tf.Tensor, targets: tf.Tensor) {
  const isLabel = tf.cast(tf.greater(targets, 0), 'float32'); // [B, K]
  const others = tf.sum(tf.mul(tf.exp(logProbabilities), tf.sub(1, isLabel)), 1, true);
  return {
    isLabel,
    others: tf.maximum(others, SMALLEST),
    logLabel: tf.sum(tf.mul(logProbabilities, isLabel), 1, true),
    weight: tf.sum(targets, 1, true),
  };
}

/** Options of {@link sigmoidFocalLoss}. */
export interface SigmoidFocalOptions extends Pick<SigmoidCrossEntropyOptions, 'positiveWeights'> {
  /** Exponent of 1 - p. Default 2. */
  readonly gamma?: number;
  /** Weight of positive labels, where negative ones have 1 - alpha. Default: both have 1. */
  readonly alpha?: number;
}

/**
 * Focal loss of findings, each for itself, as `torchvision.ops.sigmoid_focal_loss`, whose `alpha=-1` is to leave it out here:
 * the mean over the labels that are known, as `sigmoidCrossEntropy` has it. Finite for every finite logit.
 * @param logits [B, findings]
 * @param labels [B, findings], 1 or 0, or NaN or negative where not known
 * @returns a scalar
 * @throws RangeError if shapes or the number of weights do not match, gamma is negative, or alpha is not from 0 to 1
 */
export function sigmoidFocalLoss(
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
  { gamma = 2, alpha, positiveWeights }: SigmoidFocalOptions = {},
): tf.Scalar {
  checkFindingLabels(logits, labels, positiveWeights);
  checkGamma(gamma);
  if (alpha !== undefined && !(alpha >= 0 && alpha <= 1))
    throw new RangeError(`alpha must be from 0 to 1, not ${alpha}`);
  const [ofPositive, ofNegative] = alpha === undefined ? [1, 1] : [alpha, 1 - alpha];
  return differentiable({
    inputs: { logits },
    forward: (save) => {
      const [positive, negative] = labelWeights(labels, positiveWeights, 'mean');
      const weighted = [tf.mul(positive, ofPositive), tf.mul(negative, ofNegative)];
      save([logits, ...weighted]);
      const losses = [tf.neg(logits), logits].map((x, i) =>
        tf.mul(weighted[i], tf.mul(tf.pow(tf.sigmoid(x), gamma), softplus(x))),
      );
      return tf.sum<tf.Scalar>(tf.add(losses[0], losses[1]));
    },
    backward: (dy: tf.Scalar, [x, positive, negative]) => ({
      logits: () => {
        // With q = sigmoid(x): d/dx q^gamma softplus(x) = q^gamma (gamma (1 - q) softplus(x) + q).
        const slope = (logit: tf.Tensor): tf.Tensor => {
          const q = tf.sigmoid(logit);
          const rest = tf.mul(tf.mul(tf.sigmoid(tf.neg(logit)), gamma), softplus(logit));
          return tf.mul(tf.pow(q, gamma), tf.add(rest, q));
        };
        const rising = tf.mul(negative, slope(x));
        const falling = tf.mul(positive, slope(tf.neg(x)));
        const gradient = tf.mul(tf.sub(rising, falling), dy);
        disposeAfterBackward(dy, [x, positive, negative]);
        return gradient;
      },
    }),
  });
}

/** log(1 + exp(x)): no exponential grows. */
function softplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x)))));
}

function checkGamma(gamma: number): void {
  if (!(gamma >= 0 && gamma < Infinity))
    throw new RangeError(`gamma must be a number of at least 0, not ${gamma}`);
}
