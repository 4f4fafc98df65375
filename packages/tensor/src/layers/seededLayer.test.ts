import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialTensor } from './initialTensor.js';
import { modelWeights } from './modelWeights.js';
import { SeededLayer } from './seededLayer.js';
import { channelsOf, slidingLength } from './shapes.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

class Scale extends SeededLayer {
  static className = 'TestScale';

  override build(inputShape: tfl.Shape | tfl.Shape[]): void {
    const channels = channelsOf(inputShape);
    this.addSeededWeight('running', [channels], { initial: 1, trainable: false });
    this.addSeededWeight('weight', [channels], { initial: 'torch-uniform', fanIn: 4 });
    super.build(inputShape);
  }
}

/** The values of the trained weight of a new layer. */
const initialValues = (options: ConstructorParameters<typeof Scale>[0]): number[] => {
  const layer = new Scale(options);
  layer.apply(tfl.input({ shape: [100] }));
  const values = [...layer.trainableWeights[0].read().dataSync()];
  layer.dispose();
  return values;
};

describe('SeededLayer', () => {
  it('starts from the same weights for the same seed and name only', () => {
    const values = initialValues({ name: 'a', seed: 1 });
    expect(initialValues({ name: 'a', seed: 1 })).toEqual(values);
    expect(initialValues({ name: 'a', seed: 2 })).not.toEqual(values);
    expect(initialValues({ name: 'b', seed: 1 })).not.toEqual(values);
  });

  it('leaves the weights zero without a seed', () => {
    expect(initialValues({ name: 'a', seed: null })).toEqual(new Array(100).fill(0));
  });

  it('uses seed 0 by default', () => {
    expect(initialValues({ name: 'a' })).toEqual(initialValues({ name: 'a', seed: 0 }));
  });
});

describe('initialTensor', () => {
  const values = (rule: Parameters<typeof initialTensor>[1]['rule'], size = 100_000): number[] =>
    tf.tidy(() => [
      ...initialTensor([size], {
        rule,
        fanIn: 16,
        fanOut: 50,
        seed: 3,
        stream: ['test'],
      }).dataSync(),
    ]);
  const std = (numbers: number[]): number =>
    Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length);

  it('is uniform within 1 / sqrt(fan in) for torch-uniform', () => {
    const uniform = values('torch-uniform');
    expect(Math.max(...uniform.slice(0, 10_000).map(Math.abs))).toBeLessThanOrEqual(0.25);
    expect(std(uniform)).toBeCloseTo(0.25 / Math.sqrt(3), 3);
  });

  it('has the standard deviation sqrt(2 / fan out) for kaiming-normal', () => {
    expect(std(values('kaiming-normal'))).toBeCloseTo(0.2, 2);
  });

  it('has the given standard deviation for normal', () => {
    expect(std(values({ normal: 0.01 }))).toBeCloseTo(0.01, 4);
  });

  it('gives the same values for a prefix of a larger tensor', () => {
    expect(values('torch-uniform', 70_000)).toEqual(values('torch-uniform').slice(0, 70_000));
  });
});

describe('modelWeights', () => {
  it('lists weights by layer, with reference keys and checkpoint names', () => {
    const input = tfl.input({ shape: [3] });
    const scaled = new Scale({ name: 'scale' }).apply(input) as tfl.SymbolicTensor;
    const dense = tfl.layers.dense({ name: 'fc', units: 2 });
    const model = tfl.model({ inputs: input, outputs: dense.apply(scaled) as tfl.SymbolicTensor });
    dense.trainable = false;
    expect(
      modelWeights(model).map(({ key, name, trainable }) => ({ key, name, trainable })),
    ).toEqual([
      { key: 'scale.weight', name: 'scale/weight', trainable: true },
      { key: 'scale.running', name: 'scale/running', trainable: false },
      { key: 'fc.kernel', name: 'fc/kernel', trainable: false },
      { key: 'fc.bias', name: 'fc/bias', trainable: false },
    ]);
    model.dispose();
  });
});

describe('slidingLength', () => {
  it.each([
    [224, { size: 7, stride: 2, padding: 3 }, 112],
    [193, { size: 3, stride: 2, padding: 1 }, 97],
    [5, { size: 2, stride: 2, padding: 0 }, 2],
    [null, { size: 3, stride: 1, padding: 1 }, null],
  ])('gives %s with %o the length %s', (length, window, expected) => {
    expect(slidingLength(length, window)).toBe(expected);
  });
});
