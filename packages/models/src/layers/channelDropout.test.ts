import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../createModel.js';
import { ChannelDropout } from './channelDropout.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

const dropped = (layer: ChannelDropout, training: boolean): number[] =>
  tf.tidy(() => [
    ...tf.max(layer.apply(tf.ones([2, 3, 3, 64]), { training }) as tf.Tensor, [1, 2]).dataSync(),
  ]);

describe('ChannelDropout', () => {
  it('zeroes whole channels at its rate, scales the others, and does nothing in evaluation', () => {
    const layer = new ChannelDropout({ name: 'drop', rate: 0.25 });
    const before = tf.memory().numTensors;
    const factors = Array.from({ length: 40 }, () => dropped(layer, true)).flat();
    expect(new Set(factors.map((factor) => factor.toFixed(5)))).toEqual(
      new Set(['0.00000', (4 / 3).toFixed(5)]),
    );
    // 5,120 samples: four standard deviations of the fraction are 0.024.
    expect(
      Math.abs(factors.filter((factor) => factor === 0).length / factors.length - 0.25),
    ).toBeLessThan(0.024);
    expect(dropped(layer, false)).toEqual(new Array(128).fill(1));
    expect(tf.memory().numTensors).toBe(before);
  });

  it('drops the same channels only at the same step of the same run', () => {
    const layer = new ChannelDropout({ name: 'drop', rate: 0.5 });
    const at = (seed: number, step: number): number[] => {
      layer.setStep(seed, step);
      return dropped(layer, true);
    };
    expect(at(1, 7)).toEqual(at(1, 7));
    expect(at(1, 7)).not.toEqual(at(1, 8));
    expect(at(1, 7)).not.toEqual(at(2, 7));
    expect(dropped(new ChannelDropout({ name: 'other', rate: 0.5 }), true)).not.toEqual(
      dropped(new ChannelDropout({ name: 'drop', rate: 0.5 }), true),
    );
  });

  it('is found by a training loop in the model that has it', () => {
    const model = createModel('resnet18-ccnet', { classes: 3, dropout: 0.5 });
    expect(model.layers.filter((layer) => 'setStep' in layer).map((layer) => layer.name)).toEqual([
      'head.dropout',
    ]);
    model.dispose();
  });
});
