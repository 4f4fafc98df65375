import { logitProbabilities, type Task } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { riseBlur } from './riseBlur.js';

/** How {@link perturbationCurve} changes an image. */
export interface PerturbationOptions {
  /** `deletion` removes the pixels with the highest values first; `insertion` inserts them first. */
  readonly kind: 'deletion' | 'insertion';
  /** The map that orders the pixels, [height * width]; equal values are ordered by position, row by row. */
  readonly map: Float32Array;
  /** Class or finding whose probability is recorded. */
  readonly classIndex: number;
  /** Whether that is the softmax of the logits (`multiclass`, the default) or the sigmoid of one (`multilabel`). */
  readonly task?: Task;
  /** Pixels changed per point of the curve. Default: 2 % of the image. RISE uses the image's width. */
  readonly step?: number;
  /** The image without information, [height, width, 3]. Default: zeros for deletion, RISE's blur for insertion. */
  readonly baseline?: Float32Array;
  /** Images per forward pass. Default 8. */
  readonly batchSize?: number;
  /** Rejects with its reason before the next batch. */
  readonly signal?: AbortSignal;
}

/** The probability of a class while the pixels of an image are removed or inserted. */
export interface PerturbationCurve {
  /** Fraction of changed pixels, from 0 to 1, one per point. */
  readonly shares: Float64Array;
  /** Probability of the class, one per point. */
  readonly probabilities: Float64Array;
  /** Area under the curve by the trapezoidal rule; low is good for deletion, high for insertion. */
  readonly area: number;
}

/**
 * Deletion or insertion curve of a map (Petsiuk et al. 2018, RISE): pixels are changed in the map's order, and the
 * probability of the class or finding is recorded. In a normalized image zero, where deletion ends, is the mean color.
 * @param model ends in logits
 * @param image one normalized image, [1, height, width, 3]; not disposed
 * @throws RangeError if map or baseline does not match the image, or class or step is out of range
 */
export async function perturbationCurve(
  model: LayersModel,
  image: tf.Tensor4D,
  options: PerturbationOptions,
): Promise<PerturbationCurve> {
  const { kind, map, batchSize = 8, signal } = options;
  const [, height, width] = image.shape;
  const step = options.step ?? Math.ceil((height * width) / 50);
  checkOptions(model, image, { ...options, step });
  const original = (await image.data<'float32'>()).slice();
  const baseline =
    options.baseline ??
    (kind === 'deletion' ? new Float32Array(original.length) : riseBlur(original, height, width));
  const [current, target] =
    kind === 'deletion' ? [original, baseline] : [baseline.slice(), original];
  const order = Uint32Array.from(map, (_, i) => i).sort((a, b) => map[b] - map[a] || a - b);
  const points = Math.ceil(order.length / step) + 1;
  const probabilities: number[] = [];
  for (let first = 0; first < points; first += batchSize) {
    signal?.throwIfAborted();
    const count = Math.min(batchSize, points - first);
    const images = perturb(current, target, { order, step, first, count });
    const batch = tf.tensor4d(images, [count, height, width, 3]);
    probabilities.push(...(await classProbabilities(model, batch, options)));
    await tf.nextFrame(); // lets signal handlers run
  }
  const shares = Float64Array.from({ length: points }, (_, point) =>
    Math.min(1, (point * step) / order.length),
  );
  return {
    shares,
    probabilities: Float64Array.from(probabilities),
    area: trapezoidalArea(shares, probabilities),
  };
}

/**
 * The images at points `first` to `first + count - 1` of the curve.
 * @param current the image before these points; changed to the last of them
 * @param target the image at the end of the curve
 * @returns [count, height, width, 3]
 */
function perturb(
  current: Float32Array,
  target: Float32Array,
  { order, step, first, count }: { order: Uint32Array; step: number; first: number; count: number },
): Float32Array {
  const images = new Float32Array(count * current.length);
  for (let i = 0; i < count; i++) {
    const point = first + i;
    for (const pixel of order.subarray(Math.max(0, point - 1) * step, point * step)) {
      for (let k = 3 * pixel; k < 3 * pixel + 3; k++) current[k] = target[k];
    }
    images.set(current, i * current.length);
  }
  return images;
}

/** The class's probability for each image. Disposes the images. */
async function classProbabilities(
  model: LayersModel,
  images: tf.Tensor4D,
  { classIndex, task }: Pick<PerturbationOptions, 'classIndex' | 'task'>,
): Promise<number[]> {
  const logits = tf.tidy(() => model.apply(images, { training: false }) as tf.Tensor2D);
  const [count, classes] = logits.shape;
  const probabilities = logitProbabilities(await logits.data<'float32'>(), classes, task);
  tf.dispose([images, logits]);
  return Array.from({ length: count }, (_, row) => probabilities[row * classes + classIndex]);
}

function trapezoidalArea(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (y[i] + y[i - 1])) / 2;
  return area;
}

function checkOptions(
  model: LayersModel,
  image: tf.Tensor4D,
  { map, baseline, classIndex, step }: PerturbationOptions & { step: number },
): void {
  const [count, height, width] = image.shape;
  const classes = model.outputs[0].shape.at(-1)!;
  const issues: string[] = [];
  if (count !== 1) issues.push(`expected one image, got ${count}`);
  if (map.length !== height * width)
    issues.push(`the map has ${map.length} values, the image ${height} x ${width}`);
  if (baseline !== undefined && baseline.length !== image.size)
    issues.push(`the baseline has ${baseline.length} values, the image ${image.size}`);
  if (!(Number.isInteger(classIndex) && classIndex >= 0 && classIndex < classes))
    issues.push(`class ${classIndex} does not exist; the model has classes 0 to ${classes - 1}`);
  if (!(Number.isInteger(step) && step >= 1))
    issues.push(`step must be an integer of at least 1, not ${step}`);
  if (issues.length > 0) throw new RangeError(`perturbationCurve: ${issues.join('; ')}.`);
}
