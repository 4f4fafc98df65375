import { useEngine } from '@nonlocal-med/engine';
import type { StoredTensor } from '@nonlocal-med/tensor';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from './createModel.js';
import type { ModelOptions } from './modelOptions.js';
import { differingKeys } from './testing/differingKeys.js';
import { stateDict } from './weights/stateDict.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

const started = (name: string, options: Partial<ModelOptions> = {}): Map<string, StoredTensor> => {
  const model = createModel(name, { classes: 4, ...options });
  const tensors = stateDict(model);
  model.dispose();
  return tensors;
};
const values = (tensors: Map<string, StoredTensor>, key: string): number[] => [
  ...(tensors.get(key)!.data as Float32Array),
];
const std = (numbers: number[]): number =>
  Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length);
const constant = (numbers: number[]): number => {
  expect(new Set(numbers).size).toBe(1);
  return numbers[0];
};

describe('initial weights', () => {
  it('are Kaiming normal in ResNet, 1 and 0 in batch normalization, and PyTorch uniform in the classifier', () => {
    const tensors = started('resnet18');
    expect(std(values(tensors, 'layer2.0.conv1.weight'))).toBeCloseTo(Math.sqrt(2 / (9 * 128)), 3);
    expect(std(values(tensors, 'layer2.0.downsample.0.weight'))).toBeCloseTo(Math.sqrt(2 / 128), 2);
    expect([
      constant(values(tensors, 'bn1.weight')),
      constant(values(tensors, 'bn1.bias')),
      constant(values(tensors, 'bn1.running_mean')),
      constant(values(tensors, 'bn1.running_var')),
    ]).toEqual([1, 0, 0, 1]);
    const bound = 1 / Math.sqrt(512);
    for (const key of ['fc.weight', 'fc.bias'])
      expect(Math.max(...values(tensors, key).map(Math.abs))).toBeLessThanOrEqual(bound);
    expect(std(values(tensors, 'fc.weight'))).toBeCloseTo(bound / Math.sqrt(3), 3);
  });

  it('are PyTorch uniform in ShuffleNetV2, with a fan-in of 9 for a depthwise kernel', () => {
    const tensors = started('shufflenetv2', { width: 0.5 });
    const largest = (key: string): number =>
      values(tensors, key).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest('stage2.0.branch1.0.weight')).toBeLessThanOrEqual(1 / 3);
    expect(largest('stage2.0.branch1.0.weight')).toBeGreaterThan(0.3);
    expect(largest('conv5.0.weight')).toBeLessThanOrEqual(1 / Math.sqrt(192));
    expect(largest('conv5.0.weight')).toBeGreaterThan(0.99 / Math.sqrt(192));
  });

  it('are 0 in the normalization of the spatial gate and the biases of CBAM', () => {
    const tensors = started('resnet18-cbam');
    for (const key of ['bn.weight', 'bn.bias', 'fc1.bias', 'fc2.bias'])
      expect(constant(values(tensors, `layer3.0.att.${key}`)), key).toBe(0);
    expect(std(values(tensors, 'layer3.0.att.conv.weight'))).toBeCloseTo(Math.sqrt(2 / 49), 1);
  });

  it('make identities of non-local blocks and criss-cross attention', () => {
    const tensors = started('resnet18-nonlocal');
    expect(constant(values(tensors, 'nl2.bn.weight'))).toBe(0);
    for (const key of ['theta', 'phi', 'g', 'out']) {
      expect(std(values(tensors, `nl3.${key}.weight`)), key).toBeCloseTo(0.01, 3);
      expect(constant(values(tensors, `nl3.${key}.bias`)), key).toBe(0);
    }
    expect(
      constant(values(started('resnet18-nonlocal', { batchNorm: false }), 'nl3.out.weight')),
    ).toBe(0);
    expect(constant(values(started('resnet18-ccnet'), 'head.cca.gamma'))).toBe(0);
  });

  // ShuffleNetV2 with attention has no conv5
  it.each(process.env.NONLOCAL_MED_SLOW === '1' ? ['shufflenetv2', 'resnet18'] : ['shufflenetv2'])(
    'depend only on the seed, and are equal in models with the same backbone (%s)',
    (backbone) => {
      const plain = started(backbone, { seed: 5 });
      const full = started(`${backbone}-nla`, { seed: 5 });
      expect(differingKeys(plain, full).filter((key) => !/^(nam|conv5)\./.test(key))).toEqual([
        'fc.weight',
        'fc.bias',
      ]);
      expect(differingKeys(started(`${backbone}-nla`, { seed: 5 }), full)).toEqual([]);
      const others = differingKeys(started(`${backbone}-nla`, { seed: 6 }), full);
      const random = [...full].filter(
        ([key, { shape }]) => shape.length > 1 || /^(nam|fc)\./.test(key),
      );
      expect(others).toEqual(random.map(([key]) => key));
    },
  );
});
