import { useEngine } from '@nonlocal-med/engine';
import { modelWeights } from '@nonlocal-med/tensor';
import { beforeAll, expect, it } from 'vitest';
import { backboneStages } from './backboneStages.js';
import { createModel } from './createModel.js';
import { modelNames } from './modelRegistry.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

/** Weights that torchvision's resnet18 and shufflenet_v2_x1_0 have in each of these parts, running statistics included. */
const torchvision = { resnet18: [5, 20, 25, 25, 25], shufflenetv2: [5, 70, 130, 70, 5] };

it.each(modelNames())('lists the layers of the backbone of %s', (name) => {
  const model = createModel(name, { classes: 3 });
  const stages = backboneStages(model);
  const backbone = name.startsWith('resnet18') ? 'resnet18' : 'shufflenetv2';
  // The attention branch of the dual models takes the place of conv5.
  const withoutLast = backbone === 'shufflenetv2' && /db|nla|fusion/.test(name);
  const weights = modelWeights(model);
  const counts = stages.map(
    (layers) => weights.filter(({ layer }) => layers.includes(layer.name)).length,
  );
  expect(counts).toEqual(torchvision[backbone].slice(0, withoutLast ? 4 : 5));
  const head = weights.filter(({ layer }) => !stages.flat().includes(layer.name));
  expect(head.length).toBeGreaterThanOrEqual(2);
  for (const { key } of head) expect(key).toMatch(/^(fc|nam|nl\d|head)\.|\.att\./);
  model.dispose();
});
