import { createRandom } from '@nonlocal-med/core';
import * as tfl from '@tensorflow/tfjs-layers';
import { snapshotWeights } from '../weights/readWeights.js';
import { restoreWeights } from '../weights/restoreWeights.js';
import { NoisyLayer } from './noisyLayer.js';

/** A network on [4, 4, 3] with every kind of state: weights, running statistics and, where `noise` says so, a seeded random layer. */
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
