import { type Fault, InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { RawOptions } from './mergeOptions.js';
import { parseRunConfig } from './parseRunConfig.js';

const data = { path: '/images' };

function faultsOf(raw: unknown): readonly Fault[] {
  try {
    parseRunConfig(raw as RawOptions);
  } catch (error) {
    if (error instanceof InputError) return error.faults;
    throw error;
  }
  return [];
}

describe('parseRunConfig', () => {
  it("fills in the paper's defaults", () => {
    const config = parseRunConfig({ data });
    expect(config).toMatchObject({
      data: { path: '/images', kind: 'auto', onBadImage: 'fail' },
      split: { test: 0.1, validation: 0.1, repeat: 0 },
      preprocessing: { size: [386, 386], contrast: 'clahe', clipLimit: 2, tiles: [8, 8] },
      augmentation: {
        horizontalFlip: 0.5,
        verticalFlip: 0.5,
        diagonalFlip: 0.5,
        rotation: 0.5,
        angles: [30, 270],
      },
      model: { name: 'resnet18-nla' },
      training: {
        epochs: 50,
        batchSize: 4,
        learningRate: 2e-4,
        schedule: { kind: 'constant' },
        selection: 'auc',
      },
      engine: { engine: 'auto', device: 'auto' },
      seed: 0,
    });
    expect(config.split.seed).toBeUndefined();
  });

  it.each<[string, RawOptions, Fault]>([
    [
      'an unknown option',
      { augmentation: { rotatoin: 1 } },
      {
        where: 'augmentation.rotatoin',
        what: 'unknown option',
        allowed: expect.stringContaining(
          'did you mean "rotation"? known: horizontalFlip,',
        ) as string,
      },
    ],
    [
      'an unknown section',
      { trainng: { epochs: 3 } },
      {
        where: 'trainng',
        what: 'unknown option',
        allowed: expect.stringMatching(/^did you mean "training"\? known: data, split,/) as string,
      },
    ],
    [
      'an unknown option two deep',
      { training: { schedule: { knd: 'step' } } },
      {
        where: 'training.schedule.knd',
        what: 'unknown option',
        allowed: expect.stringContaining('did you mean "kind"?') as string,
      },
    ],
    [
      'a number below its range',
      { training: { epochs: 0 } },
      { where: 'training.epochs', what: 'got 0', allowed: 'at least 1' },
    ],
    [
      'a number above its range',
      { split: { test: 2 } },
      { where: 'split.test', what: 'got 2', allowed: 'at most 0.9' },
    ],
    [
      'a number at an open end',
      { training: { learningRate: 0 } },
      { where: 'training.learningRate', what: 'got 0', allowed: 'more than 0' },
    ],
    [
      'a fraction for a count',
      { training: { batchSize: 1.5 } },
      { where: 'training.batchSize', what: 'got 1.5', allowed: 'a whole number' },
    ],
    [
      'a text for a number',
      { training: { learningRate: 'abc' } },
      { where: 'training.learningRate', what: 'got "abc"', allowed: 'a number' },
    ],
    [
      'what is not a number',
      { seed: NaN },
      { where: 'seed', what: 'got NaN', allowed: 'a number' },
    ],
    [
      'a choice that is none',
      { engine: { engine: 'cuda' } },
      { where: 'engine.engine', what: 'got "cuda"', allowed: 'one of "auto", "native", "wasm"' },
    ],
    [
      'a size that is none',
      { preprocessing: { size: [48, 'a'] } },
      {
        where: 'preprocessing.size',
        what: 'got [48,"a"]',
        allowed: 'a whole number of pixels from 32 to 4096, or [height, width]',
      },
    ],
    [
      'augmentation that is none',
      { augmentation: true },
      { where: 'augmentation', what: 'got true', allowed: 'false, or options by name' },
    ],
    [
      'angles in the wrong order',
      { augmentation: { angles: [270, 30] } },
      { where: 'augmentation.angles', what: 'got [270,30]', allowed: 'the smaller angle first' },
    ],
    [
      'a section that is a value',
      { model: 'resnet18' },
      { where: 'model', what: 'got "resnet18"', allowed: 'options by name' },
    ],
    [
      'an unknown model',
      { model: { name: 'resnet19' } },
      {
        where: 'model',
        what: expect.stringContaining('"resnet19"') as string,
        allowed: expect.stringContaining('did you mean "resnet18"?') as string,
      },
    ],
    [
      "a model's option out of range",
      { model: { name: 'resnet18-nla', namAt: 'e9' } },
      {
        where: 'model.namAt',
        what: '"e9" is not allowed',
        allowed: 'one of conv1, stem, e1, e2, e3, e4',
      },
    ],
    [
      "another model's option",
      { model: { name: 'resnet18', namAt: 'e1' } },
      expect.objectContaining({ where: 'model.namAt' }) as Fault,
    ],
    [
      'an option of the model that the run decides',
      { model: { classes: 3 } },
      {
        where: 'model.classes',
        what: 'is not for the configuration',
        allowed: 'the data set decides',
      },
    ],
    [
      'an unknown selection metric',
      { training: { selection: 'foo' } },
      {
        where: 'training.selection',
        what: 'got "foo"',
        allowed: expect.stringContaining('one of auc, accuracy') as string,
      },
    ],
    [
      'early stopping by nothing',
      { split: { validation: 0 }, training: { earlyStopping: {} } },
      expect.objectContaining({ where: 'training.earlyStopping' }) as Fault,
    ],
    [
      'two class weightings at once',
      { training: { balancedLoss: true, classWeights: [1, 2] } },
      expect.objectContaining({ where: 'training.balancedLoss' }) as Fault,
    ],
  ])('names %s, its value and what is allowed', (_, options, fault) => {
    expect(faultsOf({ data, ...options })).toEqual([fault]);
  });

  it('says what is missing', () => {
    expect(faultsOf({})).toEqual([{ where: 'data', what: 'missing', allowed: 'options by name' }]);
    expect(faultsOf({ data: {} })).toEqual([
      { where: 'data.path', what: 'missing', allowed: 'a text' },
    ]);
    for (const raw of [null, [], 'x'])
      expect(faultsOf(raw)).toEqual([expect.objectContaining({ where: 'configuration' })]);
  });

  it('reports the faults of all sections together', () => {
    const faults = faultsOf({
      data,
      split: { test: 2 },
      training: { epochs: 0 },
      model: { name: 'nothing', namAt: 'e9' },
      typo: 1,
    });
    expect(faults.map(({ where }) => where)).toEqual([
      'split.test',
      'training.epochs',
      'typo',
      'model',
    ]);
  });

  it('knows the options of the embedded set', () => {
    expect(parseRunConfig({ data: { kind: 'tiny-lesions' } }).data).toEqual({
      kind: 'tiny-lesions',
      images: 1000,
      size: 96,
      classes: 4,
      seed: 0,
    });
    expect(faultsOf({ data: { kind: 'tiny-lesions', images: 3, path: '/x' } })).toEqual([
      { where: 'data.images', what: 'got 3', allowed: 'at least 40' },
      {
        where: 'data.path',
        what: 'unknown option',
        allowed: 'known: kind, images, size, classes, seed',
      },
    ]);
  });

  it.each<[string, RawOptions]>([
    ['the defaults', { data }],
    ['the embedded set', { data: { kind: 'tiny-lesions', seed: 4 } }],
    [
      'everything that can be left out',
      {
        data: {
          path: '/x',
          csv: 'labels.csv',
          labelMap: { '0': 'none', '1..4': 'some', bad: null },
          groupPattern: '^(\\d+)_',
          onBadImage: 'skip',
          cacheFolder: null,
          classes: ['none', 'some'],
        },
        split: { seed: 7, folds: 5, repeat: 2 },
        preprocessing: { size: [48, 64], contrast: 'none', mean: [0, 0, 0], deviation: [1, 1, 1] },
        augmentation: false,
        model: { name: 'resnet18-nla', namAt: 'stem', weights: 'imagenet' },
        training: {
          classWeights: [1, 0.1],
          earlyStopping: { patience: 3 },
          schedule: { kind: 'cosine', warmupEpochs: 1 },
          checkpointEverySteps: 5,
        },
        loader: { workers: 0, cacheFolder: '/cache', cacheMegabytes: 0.5 },
        engine: { engine: 'wasm', threads: 1 },
        seed: 2 ** 32 - 1,
      },
    ],
  ])('survives its way through config.yaml: %s', (_, raw) => {
    const config = parseRunConfig(raw);
    const read = parse(stringify(config)) as RawOptions;
    expect(parseRunConfig(read)).toEqual(config);
    expect(parse(stringify(parseRunConfig(read)))).toEqual(read);
  });
});
