import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** How {@link perturbationCurve} changes an image. */
export interface PerturbationOptions {
  /** `deletion` takes the pixels of the highest values away first; `insertion` brings them in first. */
  readonly kind: 'deletion' | 'insertion';
  /** The map whose order is tested, [height * width]; equal values go by position, row by row. */
  readonly map: Float32Array;
  /** Class whose probability is followed. */
  readonly classIndex: number;
  /** Pixels changed from one point of the curve to the next; default: a fiftieth of the image. RISE: the width. */
  readonly step?: number;
  /** The image without information, [height, width, 3]; default: zeros for deletion, RISE's blur for insertion. */
  readonly baseline?: Float32Array;
  /** Images the model is given at a time. */
  readonly batchSize?: number;
  /** Rejects with its reason before the next batch. */
  readonly signal?: AbortSignal;
}

/** The probability of a class while an image is taken away or brought in. */
export interface PerturbationCurve {
  /** Share of the pixels that is changed, from 0 to 1. */
  readonly shares: Float64Array;
  readonly probabilities: Float64Array;
  /** Area under the curve by the trapezoid rule: low is good for deletion, high for insertion. */
  readonly area: number;
}

/**
 * Deletion or insertion curve of a map (Petsiuk et al. 2018, RISE): pixels are changed in the map's order, and the softmax
 * probability of the class is followed. Zero after normalisation, where deletion ends, is the mean colour.
 *
 * @param model ends in logits.
 * @param image one normalised image, [1, height, width, 3]; not disposed.
 * @throws RangeError when map or baseline have another size than the image, or class or step are out of range.
 */
export async function perturbationCurve(
  model: LayersModel,
  image: tf.Tensor4D,
  options: PerturbationOptions,
): Promise<PerturbationCurve> {
  const { kind, map, classIndex, batchSize = 8, signal } = options;
  const [, height, width] = image.shape;
  const step = options.step ?? Math.ceil((height * width) / 50);
  checkOptions(model, image, { ...options, step });
  const own = (await image.data<'float32'>()).slice();
  const baseline =
    options.baseline ??
    (kind === 'deletion' ? new Float32Array(own.length) : riseBlur(own, height, width));
  const [start, finish] = kind === 'deletion' ? [own, baseline] : [baseline.slice(), own];
  const order = Uint32Array.from(map, (_, i) => i).sort((a, b) => map[b] - map[a] || a - b);
  const points = Math.ceil(order.length / step) + 1;
  const probabilities: number[] = [];
  for (let first = 0; first < points; first += batchSize) {
    signal?.throwIfAborted();
    const states = changedImages(start, finish, {
      order,
      step,
      first,
      count: Math.min(batchSize, points - first),
    });
    probabilities.push(
      ...(await classProbabilities(
        model,
        tf.tensor4d(states, [states.length / own.length, height, width, 3]),
        classIndex,
      )),
    );
    await tf.nextFrame(); // lets signal handlers through
  }
  const shares = Float64Array.from({ length: points }, (_, point) =>
    Math.min(1, (point * step) / order.length),
  );
  return {
    shares,
    probabilities: Float64Array.from(probabilities),
    area: trapezoid(shares, probabilities),
  };
}

/** Points `first` to `first + count - 1` of the curve as images; `image` is brought to the last of them. */
function changedImages(
  image: Float32Array,
  finish: Float32Array,
  { order, step, first, count }: { order: Uint32Array; step: number; first: number; count: number },
): Float32Array {
  const states = new Float32Array(count * image.length);
  for (let state = 0; state < count; state++) {
    const point = first + state;
    for (const pixel of order.subarray(Math.max(0, point - 1) * step, point * step)) {
      for (let i = 3 * pixel; i < 3 * pixel + 3; i++) image[i] = finish[i];
    }
    states.set(image, state * image.length);
  }
  return states;
}

/** Disposes the images. */
async function classProbabilities(
  model: LayersModel,
  images: tf.Tensor4D,
  classIndex: number,
): Promise<number[]> {
  const logits = tf.tidy(() => model.apply(images, { training: false }) as tf.Tensor2D);
  const [count, classes] = logits.shape;
  const values = await logits.data<'float32'>();
  tf.dispose([images, logits]);
  return Array.from({ length: count }, (_, row) => {
    const own = values.subarray(row * classes, (row + 1) * classes);
    const total = own.reduce((sum, value) => sum + Math.exp(value - own[classIndex]), 0);
    return 1 / total;
  });
}

function trapezoid(x: ArrayLike<number>, y: ArrayLike<number>): number {
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
  const issues = [
    ...(count === 1 ? [] : [`${count} images; one at a time`]),
    ...(map.length === height * width
      ? []
      : [`the map has ${map.length} values, the image ${height} x ${width}`]),
    ...(baseline === undefined || baseline.length === image.size
      ? []
      : [`the baseline has ${baseline.length} values, the image ${image.size}`]),
    ...(Number.isInteger(classIndex) && classIndex >= 0 && classIndex < classes
      ? []
      : [`class ${classIndex} does not exist; the model has classes 0 to ${classes - 1}`]),
    ...(Number.isInteger(step) && step >= 1
      ? []
      : [`step is ${step}; a whole number of pixels from 1`]),
  ];
  if (issues.length > 0) throw new RangeError(`perturbationCurve: ${issues.join('; ')}.`);
}

const LENGTH = 11;
const DEVIATION = 5;

/** SciPy's gaussian_filter of a unit impulse of 11 values: what the wings lose beyond the ends is reflected back. */
const kernel: readonly number[] = (() => {
  const radius = Math.trunc(4 * DEVIATION + 0.5);
  const weight = (distance: number): number =>
    Math.exp((-distance * distance) / (2 * DEVIATION * DEVIATION));
  const total = Array.from({ length: 2 * radius + 1 }, (_, i) => weight(i - radius)).reduce(
    (sum, value) => sum + value,
    0,
  );
  const center = (LENGTH - 1) / 2;
  const reflected = (place: number): number => {
    const phase = ((place % (2 * LENGTH)) + 2 * LENGTH) % (2 * LENGTH);
    return phase < LENGTH ? phase : 2 * LENGTH - 1 - phase;
  };
  return Array.from({ length: LENGTH }, (_, i) => {
    let sum = 0;
    for (let distance = -radius; distance <= radius; distance++)
      if (reflected(i + distance) === center) sum += weight(distance);
    return sum / total;
  });
})();

/**
 * The blur that RISE's evaluation starts insertion from: 11 x 11 taps of a Gaussian of deviation 5, zeros around the
 * image (eclique/RISE, evaluation.py).
 * @param image [height, width, 3] in row-major order; not changed.
 */
function riseBlur(image: Float32Array, height: number, width: number): Float32Array {
  const along = (
    source: Float32Array,
    { length, stride }: { length: number; stride: number },
  ): Float32Array =>
    source.map((_, at) => {
      const place = Math.floor(at / stride) % length;
      let sum = 0;
      for (let tap = 0; tap < LENGTH; tap++) {
        const other = place + tap - (LENGTH - 1) / 2;
        if (other >= 0 && other < length)
          sum += kernel[tap] * source[at + (other - place) * stride];
      }
      return sum;
    });
  return along(along(image, { length: width, stride: 3 }), { length: height, stride: 3 * width });
}
