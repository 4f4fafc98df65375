import { createRandom, type StepSeeded } from '@nonlocal-med/core';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { restoreWeights, snapshotWeights } from '../weights.js';

/** A network on [4, 4, 3] with every kind of state: weights, running statistics and, with `noise`, a seeded random layer. */
export async function tinyModel({
  classes = 3,
  seed = 7,
  noise = true,
} = {}): Promise<tfl.LayersModel> {
  const input = tfl.input({ shape: [4, 4, 3] });
  const flat = tfl.layers.flatten().apply(input);
  const hidden = tfl.layers.dense({ units: 16, name: 'hidden' }).apply(flat);
  const normal = tfl.layers.batchNormalization({ name: 'bn' }).apply(hidden);
  const active = tfl.layers.activation({ activation: 'tanh' }).apply(normal);
  const noisy = noise ? new NoisyLayer({ name: 'noise' }).apply(active) : active;
  const logits = tfl.layers
    .dense({ units: classes, name: 'fc' })
    .apply(noisy) as tfl.SymbolicTensor;
  const model = tfl.model({ inputs: input, outputs: logits });
  const random = createRandom(seed, 'weights');
  const values = await snapshotWeights(model);
  for (const [name, { data }] of values) {
    if (/kernel/.test(name)) data.forEach((_, i) => (data[i] = random.normal(0, 0.3)));
  }
  restoreWeights(model, values);
  return model;
}

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
