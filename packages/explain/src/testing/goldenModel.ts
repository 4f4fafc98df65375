import { conv2d } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

export const [height, width] = [13, 17];
/** sin(a i + b) s, as make_grad_cam.py fills tensors. */
const fill = (count: number, { a, b, s }: { a: number; b: number; s: number }): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(a * i + b) * s);

/** A convolution with padding 1 whose gradient every backend has. */
class Convolution extends tfl.layers.Layer {
  static readonly className = 'TestConvolution';
  constructor(
    private readonly filters: number,
    private readonly stride: number,
  ) {
    super({});
  }
  override build([, , , channels]: number[]): void {
    this.addWeight('kernel', [3, 3, channels, this.filters], 'float32', tfl.initializers.zeros());
    this.addWeight('bias', [this.filters], 'float32', tfl.initializers.zeros());
  }
  override computeOutputShape([batch, h, w]: number[]): number[] {
    return [batch, Math.ceil(h / this.stride), Math.ceil(w / this.stride), this.filters];
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [kernel, bias] = this.weights.map((weight) => weight.read());
    return tf.add(
      conv2d([inputs].flat()[0] as tf.Tensor4D, kernel as tf.Tensor4D, {
        stride: this.stride,
        padding: 1,
      }),
      bias,
    );
  }
}

/** The network of make_grad_cam.py. */
export function goldenModel(): tfl.LayersModel {
  const input = tfl.input({ shape: [height, width, 3] });
  const first = tfl.layers.reLU({ name: 'first' }).apply(new Convolution(6, 1).apply(input));
  const second = tfl.layers.reLU({ name: 'second' }).apply(new Convolution(8, 2).apply(first));
  const pooled = tfl.layers.globalAveragePooling2d({ dataFormat: 'channelsLast' }).apply(second);
  const model = tfl.model({
    inputs: input,
    outputs: tfl.layers.dense({ units: 4 }).apply(pooled) as tfl.SymbolicTensor,
  });
  const shapes = [[6, 3, 3, 3], [6], [8, 6, 3, 3], [8], [4, 8], [4]];
  tf.tidy(() =>
    model.setWeights(
      shapes.map((shape, i) => {
        const torch = tf.tensor(
          fill(tf.util.sizeFromShape(shape), { a: 0.7 + 0.1 * i, b: 0.3 * i, s: 0.4 }),
          shape,
        );
        return shape.length === 4
          ? tf.transpose(torch, [2, 3, 1, 0])
          : shape.length === 2
            ? tf.transpose(torch)
            : torch;
      }),
    ),
  );
  return model;
}

/** Its two images, [2, H, W, 3]. */
export function goldenImages(): tf.Tensor4D {
  return tf.tidy(() =>
    tf.transpose(
      tf.tensor4d(fill(2 * 3 * height * width, { a: 0.37, b: 0.2, s: 1.5 }), [2, 3, height, width]),
      [0, 2, 3, 1],
    ),
  );
}
