import { createRandom, type StepSeeded } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Dropout whose mask depends on the run's seed and the step alone. */
export class NoisyLayer extends tfl.layers.Layer implements StepSeeded {
  static readonly className = 'NoisyLayer';
  #at: [seed: number, step: number] = [0, 0];
  readonly steps: number[] = [];

  setStep(seed: number, step: number): void {
    this.#at = [seed, step];
    this.steps.push(step);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (kwargs.training !== true) return tf.clone(x);
    const random = createRandom(this.#at[0], 'noise', this.#at[1]);
    const mask = Float32Array.from({ length: x.size }, () => (random.chance(0.8) ? 1.25 : 0));
    return tf.mul(x, tf.tensor(mask, x.shape));
  }
}
