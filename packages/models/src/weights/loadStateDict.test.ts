import { useEngine } from '@nonlocal-med/engine';
import { type StoredTensor, writeSafetensors } from '@nonlocal-med/tensor';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModel } from '../createModel.js';
import type { ModelOptions } from '../modelOptions.js';
import { differingKeys } from '../testing/differingKeys.js';
import { loadPretrainedBytes } from './loadPretrainedBytes.js';
import { describeLoadReport } from './loadReport.js';
import { loadStateDict } from './loadStateDict.js';
import { stateDict } from './stateDict.js';

beforeAll(() => useEngine({ backend: 'wasm' }));

type Tensors = Map<string, StoredTensor>;

const withModel = <T>(
  name: string,
  options: Partial<ModelOptions>,
  use: (model: LayersModel) => T,
): T => {
  const model = createModel(name, {
    classes: 3,
    width: name.startsWith('shuffle') ? 0.5 : undefined,
    ...options,
  });
  try {
    return use(model);
  } finally {
    model.dispose();
  }
};
const created = new Map<string, Tensors>();
/** The initial weights of a model, which is created once. */
function weightsOf(name: string, options: Partial<ModelOptions> = {}): Tensors {
  const key = JSON.stringify([name, options]);
  if (!created.has(key)) created.set(key, withModel(name, options, stateDict));
  return new Map(created.get(key));
}
const renamed = (tensors: Tensors, rename: (key: string) => string): Tensors =>
  new Map([...tensors].map(([key, tensor]) => [rename(key), tensor]));
const without = (tensors: Tensors, pattern: RegExp): Tensors =>
  new Map([...tensors].filter(([key]) => !pattern.test(key)));

describe('loadStateDict', () => {
  it('loads a backbone with a classifier of another size, and reports what it skipped', () => {
    const imagenet = weightsOf('resnet18', { classes: 1000, seed: 9 });
    withModel('resnet18-nla', {}, (model) => {
      const report = loadStateDict(model, imagenet);
      expect(report.dropped).toEqual([
        { key: 'fc.weight', inFile: [1000, 512], inModel: [3, 704] },
        { key: 'fc.bias', inFile: [1000], inModel: [3] },
      ]);
      expect(report.missing).toEqual([
        'nam.theta.weight',
        'nam.theta.bias',
        'nam.phi.weight',
        'nam.phi.bias',
        'nam.g.weight',
        'nam.g.bias',
      ]);
      expect(report.leftOver).toEqual([]);
      expect(report.loaded).toHaveLength(100);
      expect(
        differingKeys(stateDict(model), imagenet).filter((key) => !/^(nam|fc)\./.test(key)),
      ).toEqual([]);
      expect(describeLoadReport(report)).toBe(
        '100 of 108 tensors loaded; skipped because of their size: fc.weight [1000, 512] for [3, 704], fc.bias [1000] for [3]; not in the file: nam.theta.* (2), nam.phi.* (2), nam.g.* (2).',
      );
    });
  });

  it('lists tensors that the model does not have', () => {
    const plain = weightsOf('shufflenetv2', { seed: 9 });
    withModel('shufflenetv2-nla', {}, (model) => {
      expect(loadStateDict(model, plain).leftOver).toEqual([
        'conv5.0.weight',
        'conv5.1.weight',
        'conv5.1.bias',
        'conv5.1.running_mean',
        'conv5.1.running_var',
      ]);
    });
  });

  it.each([
    ["DataParallel's", 'shufflenetv2', (key: string) => `module.${key}`],
    ["a wrapper's", 'shufflenetv2', (key: string) => `model.backbone.${key}`],
    [
      "Hugging Face transformers'",
      'resnet18',
      (key: string) =>
        key
          .replace(/^conv1\./, 'resnet.embedder.embedder.convolution.')
          .replace(/^bn1\./, 'resnet.embedder.embedder.normalization.')
          .replace(
            /^layer(\d)\.(\d)\.(conv|bn)(\d)\./,
            (...[, stage, block, kind, index]: string[]) =>
              `resnet.encoder.stages.${Number(stage) - 1}.layers.${block}.layer.${Number(index) - 1}.${kind === 'conv' ? 'convolution' : 'normalization'}.`,
          )
          .replace(
            /^layer(\d)\.(\d)\.downsample\.(\d)\./,
            (...[, stage, block, index]: string[]) =>
              `resnet.encoder.stages.${Number(stage) - 1}.layers.${block}.shortcut.${index === '0' ? 'convolution' : 'normalization'}.`,
          )
          .replace(/^fc\./, 'classifier.1.'),
    ],
  ])('understands %s names', (_, name, rename) => {
    const tensors = weightsOf(name, { seed: 4 });
    withModel(name, {}, (model) => {
      const report = loadStateDict(model, renamed(tensors, rename), { match: 'exact' });
      expect(report.loaded).toHaveLength(tensors.size);
      expect(differingKeys(stateDict(model), tensors)).toEqual([]);
    });
  });

  it('ignores num_batches_tracked and reads half precision', () => {
    const tensors = weightsOf('shufflenetv2', { seed: 4 });
    for (const key of [...tensors.keys()].filter((name) => name.endsWith('running_var')))
      tensors.set(key.replace('running_var', 'num_batches_tracked'), {
        dtype: 'I64',
        shape: [],
        data: new BigInt64Array(1),
      });
    const fc = tensors.get('fc.weight')!;
    tensors.set('fc.weight', {
      ...fc,
      dtype: 'F16',
      data: (fc.data as Float32Array).map((value) => Math.round(value * 128) / 128),
    });
    withModel('shufflenetv2', {}, (model) => {
      const report = loadPretrainedBytes(model, writeSafetensors(tensors), { match: 'exact' });
      expect(report.leftOver).toEqual([]);
      expect(
        differingKeys(stateDict(model), tensors).filter((key) => !key.endsWith('tracked')),
      ).toEqual([]);
    });
  });

  const broken: [string, string, (tensors: Tensors) => Tensors, RegExp][] = [
    [
      'another network',
      'shufflenetv2',
      () => weightsOf('resnet18', { seed: 9 }),
      /^w: none of its tensors belongs to this model/,
    ],
    [
      'another width',
      'shufflenetv2',
      () => weightsOf('shufflenetv2', { width: 1 }),
      /^w: stage2\.0\.branch\d.* has shape \[58.*\], not \[24.*\], and 2\d\d more like it \(are these weights of another model\?\)$/,
    ],
    [
      'a hole in the backbone',
      'shufflenetv2',
      (tensors) => without(tensors, /^stage3\.1\.branch2\.1\.running_var$/),
      /^w: stage3\.1\.branch2\.1\.running_var is missing \(are these weights of another model\?\)$/,
    ],
    [
      'a value that is not a number',
      'shufflenetv2',
      (tensors) =>
        new Map([
          ...tensors,
          ['conv1.1.weight', { dtype: 'F32', shape: [24], data: new Float32Array(24).fill(NaN) }],
        ]),
      /^w: conv1\.1\.weight: has values that are not finite$/,
    ],
    [
      'integers',
      'shufflenetv2',
      (tensors) =>
        new Map([
          ...tensors,
          ['conv1.1.weight', { dtype: 'I64', shape: [24], data: new BigInt64Array(24) }],
        ]),
      /^w: conv1\.1\.weight: has element type I64 \(F64, F32, F16, BF16\)$/,
    ],
    [
      'a duplicate name',
      'shufflenetv2',
      (tensors) => new Map([...tensors, ['classifier.1.bias', tensors.get('fc.bias')!]]),
      /^w: classifier\.1\.bias: is a second fc\.bias \(one tensor per name\)$/,
    ],
  ];
  it.each(broken)('refuses %s and leaves the model as it was', (...[, name, damage, message]) => {
    const tensors = damage(weightsOf(name, { seed: 8 }));
    withModel(name, {}, (model) => {
      const before = stateDict(model);
      expect(() => loadStateDict(model, tensors, { source: 'w' })).toThrow(
        expect.objectContaining({ name: 'InputError', message: expect.stringMatching(message) }),
      );
      expect(differingKeys(stateDict(model), before)).toEqual([]);
    });
  });

  it('requires exactly the tensors of the model for an exact match', () => {
    const tensors = renamed(weightsOf('shufflenetv2-nla'), (key) =>
      key === 'nam.g.bias' ? 'nam.h.bias' : key,
    );
    withModel('shufflenetv2-nla', {}, (model) => {
      expect(() => loadStateDict(model, tensors, { match: 'exact', source: 'w' })).toThrow(
        '2 problems:\n  w: nam.g.bias is missing (are these weights of another model?)\n  w: nam.h.bias does not belong to this model (are these weights of another model?)',
      );
    });
  });

  it.each([
    ['resnet18', { conv1: 0, bn1: 1, layer1: 4, layer2: 5, layer3: 6, layer4: 7 }],
    ['shufflenetv2', { conv1: 0, stage2: 2, stage3: 3, stage4: 4, conv5: 5 }],
  ] as [string, Record<string, number>][])(
    'loads the names that nn.Sequential(*children) gives to %s',
    (name, numbers) => {
      const whole = weightsOf(name, { seed: 9 });
      const numbered = renamed(without(whole, /^fc/), (key) =>
        key.replace(/^[^.]+/, (part) => `features.${numbers[part]}`),
      );
      withModel(name, { seed: 1 }, (model) => {
        const report = loadStateDict(model, numbered);
        expect(report.missing).toEqual(['fc.weight', 'fc.bias']);
        expect(describeLoadReport(report)).toContain('its layers are numbered');
        expect(differingKeys(stateDict(model), whole).filter((key) => !/^fc/.test(key))).toEqual(
          [],
        );
      });
    },
  );

  it('divides a stem for one gray channel among three, with a note', () => {
    const whole = weightsOf('resnet18', { seed: 9 });
    const stem = whole.get('conv1.weight')!;
    const gray = Float32Array.from({ length: 64 * 49 }, (_, i) => i % 17);
    const tensors = new Map(whole).set('conv1.weight', {
      dtype: 'F32',
      shape: [64, 1, 7, 7],
      data: gray,
    });
    withModel('resnet18', {}, (model) => {
      const report = loadStateDict(model, tensors);
      expect(report.notes).toEqual([
        'conv1.weight takes one gray channel and was divided equally among red, green and blue',
      ]);
      const { shape, data } = stateDict(model).get('conv1.weight')!;
      expect(shape).toEqual(stem.shape);
      for (const channel of [0, 1, 2])
        expect(data[(5 * 3 + channel) * 49 + 11]).toBeCloseTo(gray[5 * 49 + 11] / 3, 6);
    });
  });

  it.each([
    ['empty', new Uint8Array(0)],
    ['text', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')],
    ['a truncated zip', Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0])],
    [
      'a header longer than the file',
      Uint8Array.from([255, 255, 255, 255, 0, 0, 0, 0, 0x7b, 0x7d]),
    ],
  ])('refuses bytes that are %s', (_, bytes) => {
    withModel('shufflenetv2', {}, (model) => {
      expect(() => loadPretrainedBytes(model, bytes, { source: 'w' })).toThrow(
        expect.objectContaining({ name: 'InputError' }),
      );
    });
  });
});
