import * as tf from '@tensorflow/tfjs-core';
import type { Fans, InitialRule } from './initialRule.js';
import { initialTensor } from './initialTensor.js';

/** What `Layer.addWeight` asks of an initializer. */
interface Initializer extends tf.serialization.Serializable {
  fromConfigUsesCustomObjects(): boolean;
  apply(shape: number[]): tf.Tensor;
}

/** Gives {@link initialTensor} to `Layer.addWeight`. */
export function seededInitializer(
  rule: InitialRule,
  options: Fans & { seed: number; key: string },
): Initializer {
  return new SeededInitializer(rule, options);
}

class SeededInitializer extends tf.serialization.Serializable implements Initializer {
  static className = 'SeededInitializer';

  constructor(
    private readonly rule: InitialRule,
    private readonly options: Fans & { seed: number; key: string },
  ) {
    super();
  }

  fromConfigUsesCustomObjects(): boolean {
    return false;
  }

  apply(shape: number[]): tf.Tensor {
    return initialTensor(shape, { rule: this.rule, ...this.options });
  }

  getConfig(): tf.serialization.ConfigDict {
    return { rule: this.rule, ...this.options };
  }
}
