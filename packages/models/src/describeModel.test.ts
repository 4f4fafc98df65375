import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeModel } from './describeModel.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

// Counts from docs/specification.md, sections 2.2, 2.3, 2.5 (reading B), 3.2, 4.1 to 4.4, checked there against PyTorch.
describe('parameters', () => {
  it.each([
    ['resnet18', { classes: 1000 }, 11_689_512],
    ['resnet18', { classes: 3 }, 11_178_051],
    ['shufflenetv2', { classes: 1000, width: 0.5 }, 1_366_792],
    ['shufflenetv2', { classes: 1000 }, 2_278_604],
    ['shufflenetv2', { classes: 1000, width: 1.5 }, 3_503_624],
    ['shufflenetv2', { classes: 1000, width: 2 }, 7_393_996],
    ['resnet18-nla', { classes: 3 }, 11_186_947],
    ['resnet18-nla', { classes: 4 }, 11_187_652],
    ['resnet18-nla', { classes: 4, head: 'flatten' }, 11_176_512 + 8_320 + 704 * 169 * 4 + 4],
    [
      'resnet18-nla',
      { classes: 4, encoderStages: 'stem' },
      2_782_784 + 8_320 + (256 + 192) * 4 + 4,
    ],
    ['resnet18-nla', { classes: 4, namAt: 'e2' }, 11_176_512 + 33_024 + 896 * 4 + 4],
    ['resnet18-nla', { classes: 4, namAt: 'e3' }, 11_176_512 + 131_584 + 1280 * 4 + 4],
    ['resnet18-nla', { classes: 4, namAt: 'e4' }, 11_176_512 + 525_312 + 2048 * 4 + 4],
    ['resnet18-nla', { classes: 4, residual: 'gamma' }, 11_187_652 + 1],
    ['resnet18-nla', { classes: 4, mode: 'gaussian' }, 11_187_652 - 2 * (64 * 32 + 32)],
    ['resnet18-nla', { classes: 4, mode: 'concat' }, 11_187_652 + 64],
    ['resnet18-nam', { classes: 4 }, 11_178_564 + 8_320],
    ['resnet18-nam-db', { classes: 4 }, 11_176_512 + 8_320 + 576 * 4 + 4],
    ['resnet18-fusion', { classes: 4 }, 11_176_512 + (512 + 3 * 128) * 4 + 4],
    ['shufflenetv2-fusion', { classes: 4, fuseAt: 'e1' }, 1_253_604 - 477_184 + 536 * 4 + 4],
    ['shufflenetv2-nla', { classes: 4 }, 1_253_604 - 477_184 + 1_200 + 536 * 4 + 4],
    ['shufflenetv2-nla', { classes: 4, namAt: 'e3' }, 1_253_604 - 477_184 + 108_112 + 1160 * 4 + 4],
    [
      'shufflenetv2-nla',
      { classes: 4, encoderStages: 'conv5' },
      1_253_604 + 1_200 + (1024 + 72) * 4 + 4,
    ],
    ['resnet18-se', { classes: 4 }, 11_178_564 + 89_080],
    ['resnet18-se', { classes: 4, useBias: false }, 11_178_564 + 87_040],
    ['resnet18-cbam', { classes: 4 }, 11_178_564 + 89_880],
    ['resnet18-nonlocal', { classes: 4 }, 11_178_564 + 165_568],
    ['resnet18-nonlocal', { classes: 4, placement: ['layer3.0'] }, 11_178_564 + 132_224],
    [
      'resnet18-nonlocal',
      { classes: 4, placement: ['layer1.1', 'layer4.0'] },
      11_178_564 + 8_480 + 526_592,
    ],
    ['resnet18-nonlocal', { classes: 4, batchNorm: false }, 11_178_564 + 165_568 - 2 * (128 + 256)],
    ['resnet18-ccnet', { classes: 4 }, 11_176_512 + 3_708_577 + 512 * 4 + 4],
    ['resnet18-ccnet', { classes: 4, ccnet: 'inline' }, 11_178_564 + 328_321],
  ] as const)('of %s with %o are %i', (name, options, expected) => {
    const before = tf.memory().numTensors;
    expect(describeModel(name, options).parameters).toBe(expected);
    expect(tf.memory().numTensors).toBe(before);
  });
});

// Multiply-adds from docs/specification.md, sections 2.2, 2.3, 3.1.
describe('operations', () => {
  it.each([
    ['resnet18', 224, 1.814e9, 0.001e9],
    ['resnet18', 386, 5.725e9, 0.001e9],
    ['shufflenetv2', 224, 0.144e9, 0.003e9],
    ['shufflenetv2', 386, 0.464e9, 0.002e9],
  ])('of %s at %i', (...[name, inputSize, expected, within]) => {
    expect(
      Math.abs(describeModel(name, { classes: 1000, inputSize }).operations - expected),
    ).toBeLessThan(within);
  });

  it('are more in the attention module than in the backbone', () => {
    const [plain, full] = ['resnet18', 'resnet18-nla'].map(
      (name) => describeModel(name, { classes: 4 }).operations,
    );
    expect(full - plain).toBeCloseTo(2.833e9 + 5.666e9 + 0.077e9 + 4 * 192, -7);
  });

  it('do not grow with the square of the positions for the dot product', () => {
    const at = (mode: 'softmax' | 'dot'): number =>
      describeModel('resnet18-nla', { classes: 4, mode }).operations;
    expect(at('softmax') - at('dot')).toBe(9409 * 9409 * 96 - 2 * 9409 * 32 * 64);
  });
});

// Feature sizes from docs/specification.md, sections 2.5 and 3.2.
describe('features', () => {
  const shapes = (
    name: string,
    options: Parameters<typeof describeModel>[1],
  ): Record<string, unknown> =>
    Object.fromEntries(
      describeModel(name, options).features.map(({ layer, shape }) => [layer, shape]),
    );

  it.each([
    [
      'resnet18-nla',
      { classes: 4 },
      {
        stem: [97, 97, 64],
        e1: [97, 97, 64],
        e2: [49, 49, 128],
        e3: [25, 25, 256],
        e4: [13, 13, 512],
        nam: [97, 97, 64],
        fused: [13, 13, 704],
      },
    ],
    [
      'resnet18-nla',
      { classes: 4, encoderStages: 'stem' },
      {
        e1: [97, 97, 64],
        e2: [97, 97, 64],
        e3: [49, 49, 128],
        e4: [25, 25, 256],
        nam: [97, 97, 64],
        fused: [25, 25, 448],
      },
    ],
    [
      'resnet18-nla',
      { classes: 4, namAt: 'conv1' },
      {
        stem: [97, 97, 64],
        e1: [97, 97, 64],
        e2: [49, 49, 128],
        e3: [25, 25, 256],
        e4: [13, 13, 512],
        nam: [193, 193, 64],
        fused: [13, 13, 704],
      },
    ],
    [
      'shufflenetv2-nla',
      { classes: 4, inputSize: 384 },
      {
        e1: [96, 96, 24],
        e2: [48, 48, 116],
        e3: [24, 24, 232],
        e4: [12, 12, 464],
        nam: [96, 96, 24],
        fused: [12, 12, 536],
      },
    ],
    [
      'shufflenetv2-nla',
      { classes: 4, inputSize: 224, encoderStages: 'conv5' },
      {
        e1: [56, 56, 24],
        e2: [28, 28, 116],
        e3: [14, 14, 232],
        e4: [7, 7, 1024],
        nam: [56, 56, 24],
        fused: [7, 7, 1096],
      },
    ],
    [
      'resnet18-nam-db',
      { classes: 4, inputSize: [97, 130] },
      {
        stem: [25, 33, 64],
        e1: [25, 33, 64],
        e2: [13, 17, 128],
        e3: [7, 9, 256],
        e4: [4, 5, 512],
        nam: [25, 33, 64],
        fused: [4, 5, 576],
      },
    ],
  ] as const)('%s %o', (name, options, expected) => {
    expect(shapes(name, options)).toEqual(expected);
  });
});

describe('explanationLayers', () => {
  it.each([
    ['resnet18', ['e4']],
    ['resnet18-nonlocal', ['e4']],
    ['resnet18-ccnet', ['head.act', 'e4']],
    ['resnet18-nla', ['fused', 'e4', 'nam']],
    ['resnet18-fusion', ['fused', 'e4']],
    ['resnet18-nam', ['e4', 'nam']],
    ['shufflenetv2', ['conv5.1', 'e4']],
    ['shufflenetv2-nla', ['fused', 'e4', 'nam']],
  ])('%s', (name, expected) => {
    expect(describeModel(name, { classes: 4, inputSize: 64 }).explanationLayers).toEqual(expected);
  });
});
