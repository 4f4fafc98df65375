import { createRandom } from '@nonlocal-med/core';
import { batchNormInference, batchNormTrain } from '@nonlocal-med/tensor';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { restoreWeights, snapshotWeights } from '../../dist/weights.js';

/** Dropout whose mask depends on the run's seed and the step alone. */
class SeededDropout extends tfl.layers.Layer {
  static className = 'SeededDropout';
  at = [0, 0];

  setStep(seed, step) {
    this.at = [seed, step];
  }

  call(inputs, { training }) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (!training) return tf.clone(x);
    const random = createRandom(this.at[0], 'dropout', this.at[1]);
    return tf.mul(
      x,
      tf.tensor(
        Float32Array.from({ length: x.size }, () => (random.chance(0.8) ? 1.25 : 0)),
        x.shape,
      ),
    );
  }
}

/** Batch normalization and ReLU that can be synchronized. */
class Normalization extends tfl.layers.Layer {
  static className = 'Normalization';

  build([, , , channels]) {
    const add = (name, initial, trainable) =>
      this.addWeight(name, [channels], 'float32', initial, undefined, trainable);
    const { ones, zeros } = tfl.initializers;
    this.own = [add('weight', ones(), true), add('bias', zeros(), true)];
    this.running = [add('running_mean', zeros(), false), add('running_var', ones(), false)];
    super.build();
  }

  call(inputs, { training }) {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const [scale, offset, mean, variance] = [...this.own, ...this.running].map((own) => own.read());
    const options = { scale, offset, activation: 'relu' };
    if (!training) return batchNormInference(x, { ...options, mean, variance });
    const update = (...moved) => this.running.forEach((own, i) => own.write(moved[i]));
    return batchNormTrain(x, { ...options, running: { mean, variance, momentum: 0.1, update } });
  }
}

/** A convolutional network with two normalizations; all kernels are random. */
export async function makeNormalizedModel() {
  const convolution = (name) =>
    tfl.layers.conv2d({ name, filters: 8, kernelSize: 3, padding: 'same', useBias: false });
  const input = tfl.input({ shape: [4, 4, 3] });
  let x = input;
  for (const name of ['first', 'second'])
    x = new Normalization({ name: `${name}.bn` }).apply(convolution(name).apply(x));
  const pooled = tfl.layers.globalAveragePooling2d({}).apply(x);
  const outputs = tfl.layers.dense({ units: 3, name: 'fc' }).apply(pooled);
  return withRandomKernels(tfl.model({ inputs: input, outputs }));
}

/** A network with weights and, unless it is `plain`, running statistics and a random layer. */
export async function makeModel({ plain = false } = {}) {
  const input = tfl.input({ shape: [4, 4, 3] });
  const hidden = tfl.layers
    .dense({ units: 64, name: 'hidden' })
    .apply(tfl.layers.flatten().apply(input));
  const active = tfl.layers
    .activation({ activation: 'tanh' })
    .apply(plain ? hidden : tfl.layers.batchNormalization({ name: 'bn' }).apply(hidden));
  const logits = tfl.layers
    .dense({ units: 3, name: 'fc' })
    .apply(plain ? active : new SeededDropout({ name: 'dropout' }).apply(active));
  return withRandomKernels(tfl.model({ inputs: input, outputs: logits }));
}

async function withRandomKernels(model) {
  const random = createRandom(7, 'weights');
  const values = await snapshotWeights(model);
  for (const [name, { data }] of values)
    if (name.includes('kernel')) data.forEach((_, i) => (data[i] = random.normal(0, 0.2)));
  restoreWeights(model, values);
  return model;
}

/** Noise whose mean tells the class; each epoch in another order. */
export function makeSource(samples, seed, { pause = 0, batchSize = 4 } = {}) {
  const batchesPerEpoch = Math.ceil(samples / batchSize);
  const image = (index) => {
    const random = createRandom(seed, 'image', index);
    return Array.from({ length: 48 }, () => random.normal((index % 3) - 1, 4));
  };
  return {
    classes: ['a', 'b', 'c'],
    sampleCount: samples,
    batchesPerEpoch,
    async *epoch(index, { firstBatch = 0 } = {}) {
      const order = createRandom(seed, 'order', index).shuffle(
        Array.from({ length: samples }, (_, i) => i),
      );
      for (let batch = firstBatch; batch < batchesPerEpoch; batch++) {
        if (pause > 0) await new Promise((done) => setTimeout(done, pause));
        const chosen = order.slice(batch * batchSize, (batch + 1) * batchSize);
        yield {
          images: Float32Array.from(chosen.flatMap(image)),
          shape: [chosen.length, 4, 4, 3],
          labels: Int32Array.from(chosen, (i) => i % 3),
          ids: chosen.map(String),
        };
      }
    },
  };
}
