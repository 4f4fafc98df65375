import { resizeBilinear } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { captureLayers, type Tap } from './captureLayers.js';

/** Class to explain, one for all images or one an image; the predicted class when left out. */
type ClassChoice = number | readonly number[] | undefined;

/** Class activation maps before the last scaling: one a layer, each [count, height, width] at the images' size. */
interface LayerActivationMaps {
  readonly layers: readonly Float32Array[];
  readonly classIndices: readonly number[];
  /** [count, classes] */
  readonly logits: Float32Array;
}

/**
 * What all forms of Grad-CAM share: one pass forward and one back to the lowest of the layers. The map of a layer is the
 * ReLU of its activations weighted by the spatial means of the logit's gradient, scaled to [0, 1], resized bilinearly.
 * @throws RangeError when a layer has no spatial output, or a class index does not exist.
 */
export function layerActivationMaps(
  model: LayersModel,
  images: tf.Tensor4D,
  { names, classIndex }: { names: readonly string[]; classIndex: ClassChoice },
): LayerActivationMaps {
  const [count, height, width] = images.shape;
  refuseUnknownClasses(model, classIndex);
  return tf.tidy(() => {
    const { logits, taps } = runTapped(model, images, { names, classIndex });
    const scores = logits.dataSync<'float32'>().slice();
    const layers = taps.map((tap) => {
      const [, mapHeight, mapWidth] = tap.activation.shape;
      const raw = activationMap(tap).dataSync<'float32'>().slice();
      const scaled = tf.tensor4d(scaleEach(raw, count), [count, mapHeight, mapWidth, 1]);
      return resizeBilinear(scaled, [height, width])
        .dataSync<'float32'>()
        .map((value) => Math.max(value, 0));
    });
    return { layers, classIndices: chosenClasses(scores, count, classIndex), logits: scores };
  });
}

/** One forward pass with taps at the target layers, and the gradient of the chosen logits at each. */
function runTapped(
  model: LayersModel,
  images: tf.Tensor4D,
  { names, classIndex }: { names: readonly string[]; classIndex: ClassChoice },
): { logits: tf.Tensor2D; taps: Tap[] } {
  const tapped = captureLayers(model, names);
  try {
    let logits: tf.Tensor2D | undefined;
    const gradient = tf.grad((probe: tf.Tensor) => {
      tapped.setProbe(probe);
      const output = model.apply(images, { training: false }) as tf.Tensor2D;
      logits = tapped.keep(output);
      const classes = chosenClasses(logits.dataSync<'float32'>(), images.shape[0], classIndex);
      const selection = tf.cast(
        tf.oneHot(tf.tensor1d(classes, 'int32'), output.shape[1]),
        'float32',
      ); // one-hot in float32 is wrong on wasm
      return tf.sum(tf.mul(output, selection));
    });
    gradient(tf.scalar(0));
    return { logits: tapped.take(logits!), taps: tapped.taps() };
  } finally {
    tapped.remove();
  }
}

/** ReLU of the channel sum of gradient means times activations, [count, h, w]. */
function activationMap({ activation, gradient }: Tap): tf.Tensor3D {
  const weights = tf.mean(gradient, [1, 2], true); // [count, 1, 1, channels]
  return tf.relu(tf.sum(tf.mul(weights, activation), 3));
}

function chosenClasses(scores: Float32Array, count: number, classIndex: ClassChoice): number[] {
  const classes = scores.length / count;
  return Array.from({ length: count }, (_, image) => {
    const row = scores.subarray(image * classes, (image + 1) * classes);
    return typeof classIndex === 'number'
      ? classIndex
      : (classIndex?.[image] ?? row.indexOf(Math.max(...row)));
  });
}

function refuseUnknownClasses(model: LayersModel, classIndex: ClassChoice): void {
  const classes = model.outputs[0].shape.at(-1)!;
  for (const index of [classIndex ?? []].flat()) {
    if (!Number.isInteger(index) || index < 0 || index >= classes)
      throw new RangeError(
        `gradCam: class ${index} does not exist; the model has classes 0 to ${classes - 1}.`,
      );
  }
}

/** Each image's map minus its minimum, over (1e-7 + its maximum), as pytorch-grad-cam scales; maps [count, ...] in one array. */
export function scaleEach(maps: Float32Array, count: number): Float32Array {
  const size = maps.length / count;
  const scaled = new Float32Array(maps.length);
  for (let image = 0; image < count; image++) {
    const from = image * size;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (let i = from; i < from + size; i++) {
      minimum = Math.min(minimum, maps[i]);
      maximum = Math.max(maximum, maps[i]);
    }
    for (let i = from; i < from + size; i++)
      scaled[i] = (maps[i] - minimum) / (1e-7 + (maximum - minimum));
  }
  return scaled;
}
