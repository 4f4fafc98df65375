import { createRandom } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';

/** What `Layer.addWeight` asks of an initializer. */
interface Initializer extends tf.serialization.Serializable {
  fromConfigUsesCustomObjects(): boolean;
  apply(shape: number[]): tf.Tensor;
}

/**
 * PyTorch's default for convolutions and linear layers: weight and bias uniform in +-1/sqrt(fanIn).
 *
 * @param fanIn inputs of one output: channels times kernel size
 * @param names seed first, then what tells this weight from others of the same seed
 */
export function uniformInitializer(
  fanIn: number,
  names: readonly [seed: number, ...(string | number)[]],
): Initializer {
  return new TorchUniform(1 / Math.sqrt(fanIn), names);
}

class TorchUniform extends tf.serialization.Serializable implements Initializer {
  static className = 'TorchUniform';

  constructor(
    private readonly bound: number,
    private readonly names: readonly [number, ...(string | number)[]],
  ) {
    super();
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  apply(shape: number[]): tf.Tensor {
    const random = createRandom(...this.names);
    const values = Float32Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      () => random.uniform(-this.bound, this.bound),
    );
    return tf.tensor(values, shape);
  }

  getConfig(): tf.serialization.ConfigDict {
    return { bound: this.bound, names: [...this.names] };
  }
}
