import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { createModel } from './createModel.js';
import { differingKeys } from './testing/differingKeys.js';
import { goldenModels } from './testing/goldenModels.js';
import { loadStateDict } from './weights/loadStateDict.js';
import { stateDict } from './weights/stateDict.js';

const { models } = goldenModels();

/** Names and shapes do not depend on the backend: on wasm, all with NONLOCAL_MED_SLOW=1, by default ShuffleNetV2. */
const shown = (backend: string): string[] =>
  Object.keys(models).filter(
    (name) =>
      backend === 'native' || name.startsWith('shuffle') || process.env.NONLOCAL_MED_SLOW === '1',
  );

eachBackend((backend) => {
  // Keys, shapes and counts are those of PyTorch's state_dict (test/golden/models.json).
  it.each(shown(backend))(
    'has the names, shapes and number of parameters of PyTorch for %s',
    (name) => {
      const before = tf.memory().numTensors;
      const model = createModel(name, { classes: 4 });
      const shapes = Object.fromEntries(
        [...stateDict(model)].map(([key, { shape }]) => [key, [...shape]]),
      );
      expect(shapes).toEqual(models[name].keys);
      const trained = model.trainableWeights.reduce(
        (sum, { shape }) => sum + tf.util.sizeFromShape(shape as number[]),
        0,
      );
      expect(trained).toBe(models[name].parameters);
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('round-trips through loadStateDict', () => {
    const from = createModel('shufflenetv2-nla', { classes: 3, seed: 1, width: 0.5 });
    const to = createModel('shufflenetv2-nla', { classes: 3, seed: 2, width: 0.5 });
    const tensors = stateDict(from);
    const report = loadStateDict(to, tensors, { match: 'exact' });
    expect(report).toEqual({ loaded: [...tensors.keys()], missing: [], leftOver: [], dropped: [] });
    expect(differingKeys(stateDict(to), tensors)).toEqual([]);
    from.dispose();
    to.dispose();
  });
});
