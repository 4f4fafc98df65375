import { InputError, type Issue } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { RawOptions } from './mergeOptions.js';
import { parseRunConfig } from './parseRunConfig.js';

const data = { path: '/images' };

function issuesOf(raw: unknown): readonly Issue[] {
  try {
    parseRunConfig(raw as RawOptions);
  } catch (error) {
    if (error instanceof InputError) return error.issues;
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
      engine: { backend: 'auto', device: 'auto' },
      seed: 0,
    });
    expect(config.split.seed).toBeUndefined();
  });

  it.each<[string, RawOptions, Issue]>([
    [
      'an unknown option',
      { augmentation: { rotatoin: 1 } },
      {
        path: 'augmentation.rotatoin',
        message: 'unknown option',
        hint: expect.stringContaining('did you mean "rotation"? known: horizontalFlip,') as string,
      },
    ],
    [
      'an unknown section',
      { trainng: { epochs: 3 } },
      {
        path: 'trainng',
        message: 'unknown option',
        hint: expect.stringMatching(/^did you mean "training"\? known: data, split,/) as string,
      },
    ],
    [
      'an unknown option two deep',
      { training: { schedule: { knd: 'step' } } },
      {
        path: 'training.schedule.knd',
        message: 'unknown option',
        hint: expect.stringContaining('did you mean "kind"?') as string,
      },
    ],
    [
      'a number below its range',
      { training: { epochs: 0 } },
      { path: 'training.epochs', message: 'got 0', hint: 'at least 1' },
    ],
    [
      'a number above its range',
      { split: { test: 2 } },
      { path: 'split.test', message: 'got 2', hint: 'at most 0.9' },
    ],
    [
      'a number at an open end',
      { training: { learningRate: 0 } },
      { path: 'training.learningRate', message: 'got 0', hint: 'more than 0' },
    ],
    [
      'a fraction for a count',
      { training: { batchSize: 1.5 } },
      { path: 'training.batchSize', message: 'got 1.5', hint: 'a whole number' },
    ],
    [
      'a text for a number',
      { training: { learningRate: 'abc' } },
      { path: 'training.learningRate', message: 'got "abc"', hint: 'a number' },
    ],
    ['what is not a number', { seed: NaN }, { path: 'seed', message: 'got NaN', hint: 'a number' }],
    [
      'a choice that is none',
      { engine: { backend: 'cuda' } },
      { path: 'engine.backend', message: 'got "cuda"', hint: 'one of "auto", "native", "wasm"' },
    ],
    [
      'a size that is none',
      { preprocessing: { size: [48, 'a'] } },
      {
        path: 'preprocessing.size',
        message: 'got [48,"a"]',
        hint: 'a whole number of pixels from 32 to 4096, or [height, width]',
      },
    ],
    [
      'augmentation that is none',
      { augmentation: true },
      { path: 'augmentation', message: 'got true', hint: 'false, or options by name' },
    ],
    [
      'angles in the wrong order',
      { augmentation: { angles: [270, 30] } },
      { path: 'augmentation.angles', message: 'got [270,30]', hint: 'the smaller angle first' },
    ],
    [
      'a section that is a value',
      { model: 'resnet18' },
      { path: 'model', message: 'got "resnet18"', hint: 'options by name' },
    ],
    [
      'an unknown model',
      { model: { name: 'resnet19' } },
      {
        path: 'model',
        message: expect.stringContaining('"resnet19"') as string,
        hint: expect.stringContaining('did you mean "resnet18"?') as string,
      },
    ],
    [
      "a model's option out of range",
      { model: { name: 'resnet18-nla', namAt: 'e9' } },
      {
        path: 'model.namAt',
        message: '"e9" is not allowed',
        hint: 'one of conv1, stem, e1, e2, e3, e4',
      },
    ],
    [
      "another model's option",
      { model: { name: 'resnet18', namAt: 'e1' } },
      expect.objectContaining({ where: 'model.namAt' }) as Issue,
    ],
    [
      'an option of the model that the run decides',
      { model: { classes: 3 } },
      {
        path: 'model.classes',
        message: 'is not for the configuration',
        hint: 'the data set decides',
      },
    ],
    [
      'an unknown selection metric',
      { training: { selection: 'foo' } },
      {
        path: 'training.selection',
        message: 'got "foo"',
        hint: expect.stringContaining('one of auc, accuracy') as string,
      },
    ],
    [
      'early stopping by nothing',
      { split: { validation: 0 }, training: { earlyStopping: {} } },
      expect.objectContaining({ where: 'training.earlyStopping' }) as Issue,
    ],
    [
      'two class weightings at once',
      { training: { balancedLoss: true, classWeights: [1, 2] } },
      expect.objectContaining({ where: 'training.balancedLoss' }) as Issue,
    ],
  ])('names %s, its value and what is allowed', (_, options, issue) => {
    expect(issuesOf({ data, ...options })).toEqual([issue]);
  });

  it('says what is missing', () => {
    expect(issuesOf({})).toEqual([{ where: 'data', what: 'missing', allowed: 'options by name' }]);
    expect(issuesOf({ data: {} })).toEqual([
      { where: 'data.path', what: 'missing', allowed: 'a text' },
    ]);
    for (const raw of [null, [], 'x'])
      expect(issuesOf(raw)).toEqual([expect.objectContaining({ where: 'configuration' })]);
  });

  it('reports the issues of all sections together', () => {
    const issues = issuesOf({
      data,
      split: { test: 2 },
      training: { epochs: 0 },
      model: { name: 'nothing', namAt: 'e9' },
      typo: 1,
    });
    expect(issues.map(({ path: where }) => where)).toEqual([
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
    expect(issuesOf({ data: { kind: 'tiny-lesions', images: 3, path: '/x' } })).toEqual([
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
        preprocessing: { size: [48, 64], contrast: 'none', mean: [0, 0, 0], std: [1, 1, 1] },
        augmentation: false,
        model: { name: 'resnet18-nla', namAt: 'stem', weights: 'imagenet' },
        training: {
          classWeights: [1, 0.1],
          earlyStopping: { patience: 3 },
          schedule: { kind: 'cosine', warmupEpochs: 1 },
          checkpointEverySteps: 5,
        },
        loader: { workers: 0, cacheFolder: '/cache', cacheMegabytes: 0.5 },
        engine: { backend: 'wasm', threads: 1 },
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
