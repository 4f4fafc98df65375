import * as tf from '@tensorflow/tfjs-core';
import { differentiable, disposeAfterBackward } from './differentiable.js';

/** Options of {@link sigmoidCrossEntropy}. */
export interface SigmoidCrossEntropyOptions {
  /** One factor per finding for the loss of its positive labels, such as negatives / positives. Default: all 1. */
  readonly positiveWeights?: readonly number[];
  /** Mean over the known labels (default), or their sum. */
  readonly reduction?: 'mean' | 'sum';
}

/**
 * Binary cross-entropy of logits, each finding for itself, as `torch.nn.BCEWithLogitsLoss(pos_weight=positiveWeights)`.
 * Labels that are not known, NaN or negative (CheXpert's -1), have no loss and no gradient, and the mean leaves them out;
 * positive weights do not change its divisor. If no label is known, the loss is 0, where PyTorch's masked mean is NaN.
 * Finite for every finite logit, with an exact gradient in both tails.
 * @param logits [B, findings]
 * @param labels [B, findings], 0 to 1, or NaN or negative where not known
 * @returns a scalar
 * @throws RangeError if shapes or the number of weights do not match, or a weight is not a positive number
 * @example
 * ```ts
 * import { useEngine } from '@nonlocal-med/engine';
 * import { sigmoidCrossEntropy } from '@nonlocal-med/tensor';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * await useEngine({ backend: 'wasm' });
 * const logits = tf.tensor2d([[2, -1], [0, 3]]); // two images, two findings
 * const labels = tf.tensor2d([[1, 0], [NaN, 1]]); // the first finding of the second image is not known
 * console.log(sigmoidCrossEntropy(logits, labels).dataSync()[0].toFixed(4)); // 0.1629
 * ```
 */
export function sigmoidCrossEntropy(
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
  { positiveWeights, reduction = 'mean' }: SigmoidCrossEntropyOptions = {},
): tf.Scalar {
  checkFindingLabels(logits, labels, positiveWeights);
  return differentiable({
    inputs: { logits },
    forward: (save) => {
      const [positive, negative] = labelWeights(labels, positiveWeights, reduction);
      save([logits, positive, negative]);
      // -log sigmoid(x) = max(-x, 0) + tail and -log sigmoid(-x) = max(x, 0) + tail: no exponential grows.
      const tail = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
      const ofPositives = tf.mul(positive, tf.add(tf.relu(tf.neg(logits)), tail));
      const ofNegatives = tf.mul(negative, tf.add(tf.relu(logits), tail));
      return tf.sum<tf.Scalar>(tf.add(ofPositives, ofNegatives));
    },
    backward: (dy: tf.Scalar, [x, positive, negative]) => ({
      logits: () => {
        // Both tails as they are: 1 - sigmoid(x) would round to 0 from x = 17 on.
        const rising = tf.mul(negative, tf.sigmoid(x));
        const falling = tf.mul(positive, tf.sigmoid(tf.neg(x)));
        const gradient = tf.mul(tf.sub(rising, falling), dy);
        disposeAfterBackward(dy, [x, positive, negative]);
        return gradient;
      },
    }),
  });
}

/** Shares of each label in -log sigmoid(x) and in -log sigmoid(-x), [B, findings] each; both 0 where it is not known. */
export function labelWeights(
  labels: tf.Tensor2D,
  positiveWeights: readonly number[] | undefined,
  reduction: 'mean' | 'sum',
): [positive: tf.Tensor2D, negative: tf.Tensor2D] {
  const isKnown = tf.greaterEqual(labels, 0); // false for NaN
  const known = tf.cast(isKnown, 'float32') as tf.Tensor2D;
  const share =
    reduction === 'mean' ? tf.div<tf.Tensor2D>(known, tf.maximum(tf.sum(known), 1)) : known;
  const targets = tf.where(
    isKnown,
    tf.cast<tf.Tensor2D>(labels, 'float32'),
    tf.zerosLike<tf.Tensor2D>(known),
  );
  const positive = tf.mul<tf.Tensor2D>(targets, share);
  return [
    positiveWeights === undefined
      ? positive
      : tf.mul<tf.Tensor2D>(positive, tf.tensor1d([...positiveWeights])),
    tf.mul<tf.Tensor2D>(tf.sub(1, targets), share),
  ];
}

export function checkFindingLabels(
  logits: tf.Tensor2D,
  labels: tf.Tensor2D,
  positiveWeights: readonly number[] | undefined,
): void {
  const findings = logits.shape[1];
  if (!tf.util.arraysEqual(logits.shape, labels.shape))
    throw new RangeError(
      `logits [${logits.shape.join(', ')}] need labels of the same shape, not [${labels.shape.join(', ')}]`,
    );
  if (positiveWeights === undefined) return;
  if (positiveWeights.length !== findings)
    throw new RangeError(
      `${findings} findings need ${findings} positive weights, not ${positiveWeights.length}`,
    );
  const wrong = positiveWeights.findIndex((weight) => !(weight > 0 && weight < Infinity));
  if (wrong >= 0)
    throw new RangeError(
      `the positive weight of finding ${wrong} must be a positive number, not ${positiveWeights[wrong]}`,
    );
}
