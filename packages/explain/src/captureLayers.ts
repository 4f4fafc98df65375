import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What passed through a layer: its input and output, and the gradient of the differentiated value at its output. */
export interface CapturedLayer {
  readonly layer: LayersModel['layers'][number];
  readonly input: tf.Tensor4D;
  readonly activation: tf.Tensor4D;
  readonly gradient: tf.Tensor4D;
}

/** Some layers of a model whose outputs and gradients are captured until {@link LayerCapture.remove}. */
interface LayerCapture {
  /** Sets the scalar to differentiate with respect to, so that only what lies above the layers is differentiated. */
  setProbe(probe: tf.Tensor): void;
  /** A copy of a tensor that outlives the tidy it was created in, until it is taken or the capture is removed. */
  keep<T extends tf.Tensor>(tensor: T): T;
  /** Moves a kept tensor to the caller's tidy. */
  take<T extends tf.Tensor>(kept: T): T;
  /**
   * What was captured, in the order of the names. The tensors belong to the caller's tidy.
   * @throws RangeError if a layer did not contribute to the model's output
   */
  captured(): CapturedLayer[];
  /** Restores the layers and frees what was not taken. */
  remove(): void;
}

/**
 * Captures the output of layers in the middle of a model, and the gradient there, without splitting the model. Each named
 * layer's `call` is followed by an identity whose gradient function records what flows through it. The identity has the
 * probe as its second input, so that differentiating with respect to the probe never goes below the layer.
 * @throws RangeError if a layer does not exist or its output is not [batch, height, width, channels]
 */
export function captureLayers(model: LayersModel, names: readonly string[]): LayerCapture {
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
  const recorded: Partial<Record<'input' | 'activation' | 'gradient', tf.Tensor4D>>[] = names.map(
    () => ({}),
  );
  let probe: tf.Tensor | undefined;

  const recordingIdentity = (index: number, value: tf.Tensor4D): tf.Tensor =>
    tf.customGrad((...inputs) => {
      const output = inputs[0] as tf.Tensor;
      recorded[index].activation = keep(output) as tf.Tensor4D;
      return {
        value: tf.clone(output),
        gradFunc: (gradient: tf.Tensor) => {
          recorded[index].gradient = keep(gradient) as tf.Tensor4D;
          return [tf.clone(gradient), tf.scalar(0)];
        },
      };
    })(value, probe!);

  const layers = names.map((name) => spatialLayer(model, name));
  layers.forEach((layer, index) => {
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      const output = call(inputs, kwargs);
      recorded[index].input = keep([inputs].flat()[0] as tf.Tensor4D);
      return recordingIdentity(index, [output].flat()[0] as tf.Tensor4D);
    };
  });

  return {
    setProbe: (value) => (probe = value),
    keep,
    take,
    captured: () =>
      recorded.map(({ input, activation, gradient }, index) => {
        if (input === undefined || activation === undefined || gradient === undefined)
          throw new RangeError(`Layer "${names[index]}" does not affect the model's output.`);
        return {
          layer: layers[index],
          input: take(input),
          activation: take(activation),
          gradient: take(gradient),
        };
      }),
    remove: () => {
      // Deleting the own property uncovers the prototype's method.
      for (const layer of layers) delete (layer as Partial<Pick<typeof layer, 'call'>>).call;
      for (const tensor of kept) tensor.dispose();
      kept.clear();
    },
  };
}

function spatialLayer(model: LayersModel, name: string): LayersModel['layers'][number] {
  const layer = model.layers.find((candidate) => candidate.name === name);
  if (layer === undefined) {
    const spatial = model.layers.filter(isSpatial).map((candidate) => candidate.name);
    throw new RangeError(
      `The model has no layer "${name}". Spatial layers: ${spatial.join(', ')}.`,
    );
  }
  if (!isSpatial(layer))
    throw new RangeError(
      `Layer "${name}" has the output shape [${String(layer.outputShape)}]; a saliency map needs [batch, height, width, channels].`,
    );
  return layer;
}

function isSpatial({ outputShape }: LayersModel['layers'][number]): boolean {
  return Array.isArray(outputShape) && outputShape.length === 4 && !Array.isArray(outputShape[0]);
}
