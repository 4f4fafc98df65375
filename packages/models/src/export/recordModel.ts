import type { Task } from '@nonlocal-med/core';
import { withBatchedAttention } from '@nonlocal-med/nonlocal';
import { type PortableGraph, recordGraph } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Names of the input and the outputs in an exported graph. */
export const graphNames = {
  input: 'image',
  logits: 'logits',
  probabilities: 'probabilities',
  calibrated: 'calibrated',
} as const;

/** Options of {@link recordModel}. */
export interface RecordModelOptions {
  /** What the logits mean; default `multiclass`. */
  readonly task?: Task;
  /**
   * Calibration: one for all classes (a temperature: slope 1 / temperature, intercept 0), or one per finding. Calibrated
   * probabilities are the softmax, or the sigmoids, of slope * logits + intercept.
   */
  readonly calibration?: {
    readonly slopes: readonly number[];
    readonly intercepts: readonly number[];
  };
}

/**
 * Records a model as a graph for any number of images, from which `encodeOnnx` and `encodeSavedGraph` of
 * `@nonlocal-med/tensor` write files.
 * @param model from images [B, H, W, 3] of a known size to logits [B, classes]; an exported model takes RGB values 0..255
 * @returns a graph with the input `image` and the outputs `logits`, `probabilities` and, with a calibration, `calibrated`
 * @throws UnavailableError without native TensorFlow; RangeError if the size of the images is not known
 */
export function recordModel(
  model: LayersModel,
  { task = 'multiclass', calibration }: RecordModelOptions = {},
): PortableGraph {
  const [, ...shape] = model.inputs[0].shape;
  if (shape.length !== 3 || shape.some((length) => length === null))
    throw new RangeError(
      `A graph needs images of a known size, but "${model.name}" takes [${shape.map((length) => length ?? 'any').join(', ')}]: give the model an inputSize.`,
    );
  const toProbabilities = (logits: tf.Tensor): tf.Tensor =>
    task === 'multilabel' ? tf.sigmoid(logits) : tf.softmax(logits);
  const { input, logits, probabilities, calibrated } = graphNames;
  return recordGraph({
    input,
    shape: shape as number[],
    outputs: [logits, probabilities, ...(calibration === undefined ? [] : [calibrated])],
    compute: (images) =>
      withBatchedAttention(() => {
        const output = model.apply(images, { training: false }) as tf.Tensor;
        const plain = [output, toProbabilities(output)];
        if (calibration === undefined) return plain;
        const scaled = tf.mul(output, tf.tensor1d([...calibration.slopes]));
        return [
          ...plain,
          toProbabilities(tf.add(scaled, tf.tensor1d([...calibration.intercepts]))),
        ];
      }),
  });
}
