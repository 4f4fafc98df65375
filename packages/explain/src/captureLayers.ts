import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What passed through a layer: its output, and the gradient of the differentiated value there. */
export interface Tap {
  readonly activation: tf.Tensor4D;
  readonly gradient: tf.Tensor4D;
}

/** Taps on some layers of a model, until {@link TappedLayers.remove}. */
export interface TappedLayers {
  /** The scalar that the caller differentiates by: only what lies above the taps is then differentiated. */
  setProbe(probe: tf.Tensor): void;
  /** A copy of a tensor that outlives the tidy it was made in, until taken or removed. */
  keep<T extends tf.Tensor>(tensor: T): T;
  /** Hands a kept tensor to the caller's tidy. */
  take<T extends tf.Tensor>(kept: T): T;
  /** What the taps saw, in the order of the names; the tensors belong to the caller's tidy. */
  taps(): Tap[];
  /** Takes the taps off; frees what was not taken. */
  remove(): void;
}

/**
 * Lets a gradient be read in the middle of a model without cutting the model in two. Each named layer's `call` is
 * followed by an identity whose gradient function notes what flows through it; its second input is a probe, so that
 * differentiating by the probe never goes below the tap.
 * @throws RangeError when a layer is unknown or its output is not [batch, height, width, channels].
 */
export function captureLayers(model: LayersModel, names: readonly string[]): TappedLayers {
  const kept = new Set<tf.Tensor>();
  const keep = <T extends tf.Tensor>(tensor: T): T => {
    const copy = tf.keep(tf.clone(tensor));
    kept.add(copy);
    return copy;
  };
  const take = <T extends tf.Tensor>(tensor: T): T => {
    const copy = tf.clone(tensor);
    kept.delete(tensor);
    tensor.dispose();
    return copy;
  };
  const seen: { activation?: tf.Tensor4D; gradient?: tf.Tensor4D }[] = names.map(() => ({}));
  let probe: tf.Tensor | undefined;

  const tap = (index: number, value: tf.Tensor4D): tf.Tensor =>
    tf.customGrad((...inputs) => {
      const output = inputs[0] as tf.Tensor;
      seen[index].activation = keep(output) as tf.Tensor4D;
      return {
        value: tf.clone(output),
        gradFunc: (gradient: tf.Tensor) => {
          seen[index].gradient = keep(gradient) as tf.Tensor4D;
          return [tf.clone(gradient), tf.scalar(0)];
        },
      };
    })(value, probe!);

  const layers = names.map((name) => findLayer(model, name));
  layers.forEach((layer, index) => {
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      const output = call(inputs, kwargs);
      return tap(index, (Array.isArray(output) ? output[0] : output) as tf.Tensor4D);
    };
  });

  return {
    setProbe: (value) => (probe = value),
    keep,
    take,
    taps: () =>
      seen.map(({ activation, gradient }, index) => {
        if (activation === undefined || gradient === undefined)
          throw new RangeError(`Layer "${names[index]}" has no influence on the model's output.`);
        return { activation: take(activation), gradient: take(gradient) };
      }),
    remove: () => {
      for (const layer of layers) delete (layer as Partial<Pick<typeof layer, 'call'>>).call; // the prototype's shows again
      for (const tensor of kept) tensor.dispose();
      kept.clear();
    },
  };
}

function findLayer(model: LayersModel, name: string): LayersModel['layers'][number] {
  const layer = model.layers.find((candidate) => candidate.name === name);
  if (layer === undefined)
    throw new RangeError(
      `The model has no layer "${name}". Spatial layers: ${model.layers
        .filter(isSpatial)
        .map((candidate) => candidate.name)
        .join(', ')}.`,
    );
  if (!isSpatial(layer))
    throw new RangeError(
      `Layer "${name}" has the output shape [${String(layer.outputShape)}]; Grad-CAM needs [batch, height, width, channels].`,
    );
  return layer;
}

function isSpatial(layer: LayersModel['layers'][number]): boolean {
  return (
    Array.isArray(layer.outputShape) &&
    layer.outputShape.length === 4 &&
    !Array.isArray(layer.outputShape[0])
  );
}
