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
  it('fills in the defaults of the paper', () => {
    const config = parseRunConfig({ data });
    expect(config).toMatchObject({
      data: { path: '/images', kind: 'auto', onBadImage: 'fail' },
      split: { test: 0.1, validation: 0.1, repeat: 0 },
      preprocessing: { size: [386, 386], contrast: 'clahe', clipLimit: 2, tiles: [8, 8] },
      augmentation: 'auto',
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

  it("spells out the paper's augmentation for options that are given, and presets", () => {
    const paper = {
      horizontalFlip: 0.5,
      verticalFlip: 0.5,
      diagonalFlip: 0.5,
      diagonal: 'transpose',
      rotation: 0.5,
      angles: [30, 270],
      angleStep: 0,
      crop: [1, 1],
      shift: 0,
      brightness: 0,
      contrast: 0,
      gamma: 0,
    };
    const parsed = (augmentation: unknown): unknown =>
      parseRunConfig({ data, augmentation }).augmentation;
    expect(parsed('fundus')).toEqual(paper);
    expect(parsed({})).toEqual(paper);
    expect(parsed({ rotation: 0 })).toEqual({ ...paper, rotation: 0 });
    expect(parsed({ preset: 'fundus', shift: 0.1 })).toEqual({ ...paper, shift: 0.1 });
    expect(parsed('xray')).toMatchObject({ horizontalFlip: 0, verticalFlip: 0, diagonalFlip: 0 });
    expect(parsed({ preset: 'xray', gamma: 0 })).toMatchObject({ horizontalFlip: 0, gamma: 0 });
    expect(parsed('none')).toBe(false);
    expect(parsed(false)).toBe(false);
    expect(parseRunConfig({ data: { kind: 'tiny-lesions' } }).augmentation).toEqual(paper);
  });

  it.each<[string, RawOptions, Issue]>([
    [
      'an unknown preset',
      { augmentation: 'x-ray' },
      {
        path: 'augmentation',
        message: 'got "x-ray"',
        hint: 'fundus, xray, light, none, false, or an object of options',
      },
    ],
    [
      'a strength out of range',
      { augmentation: { preset: 'xray', brightness: 1.5 } },
      { path: 'augmentation.brightness', message: 'got 1.5', hint: 'at most 1' },
    ],
    [
      'an unknown option',
      { augmentation: { rotatoin: 1 } },
      {
        path: 'augmentation.rotatoin',
        message: 'unknown option',
        hint: expect.stringContaining(
          'did you mean "rotation"? known: preset, horizontalFlip,',
        ) as string,
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
      'an unknown nested option',
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
      'a number at an excluded bound',
      { training: { learningRate: 0 } },
      { path: 'training.learningRate', message: 'got 0', hint: 'more than 0' },
    ],
    [
      'a fraction instead of an integer',
      { training: { batchSize: 1.5 } },
      { path: 'training.batchSize', message: 'got 1.5', hint: 'an integer' },
    ],
    [
      'a string instead of a number',
      { training: { learningRate: 'abc' } },
      { path: 'training.learningRate', message: 'got "abc"', hint: 'a number' },
    ],
    ['NaN', { seed: NaN }, { path: 'seed', message: 'got NaN', hint: 'a number' }],
    [
      'an unknown choice',
      { engine: { backend: 'cuda' } },
      { path: 'engine.backend', message: 'got "cuda"', hint: 'one of "auto", "native", "wasm"' },
    ],
    [
      'an invalid size',
      { preprocessing: { size: [48, 'a'] } },
      {
        path: 'preprocessing.size',
        message: 'got [48,"a"]',
        hint: 'an integer from 32 to 4096 (pixels), or [height, width]',
      },
    ],
    [
      'an invalid augmentation',
      { augmentation: true },
      {
        path: 'augmentation',
        message: 'got true',
        hint: 'fundus, xray, light, none, false, or an object of options',
      },
    ],
    [
      'angles in the wrong order',
      { augmentation: { angles: [270, 30] } },
      { path: 'augmentation.angles', message: 'got [270,30]', hint: 'the smaller angle first' },
    ],
    [
      'a value instead of a section',
      { model: 'resnet18' },
      { path: 'model', message: 'got "resnet18"', hint: 'an object of options' },
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
      'a model option out of range',
      { model: { name: 'resnet18-nla', namAt: 'e9' } },
      {
        path: 'model.namAt',
        message: 'got "e9"',
        hint: 'one of "conv1", "stem", "e1", "e2", "e3", "e4"',
      },
    ],
    [
      'an option of another model',
      { model: { name: 'resnet18', namAt: 'e1' } },
      expect.objectContaining({ path: 'model.namAt' }) as Issue,
    ],
    [
      'a model option that the run determines',
      { model: { classes: 3 } },
      {
        path: 'model.classes',
        message: 'cannot be set in a configuration',
        hint: 'determined by the data set',
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
      'early stopping without a validation set',
      { split: { validation: 0 }, training: { earlyStopping: {} } },
      expect.objectContaining({ path: 'training.earlyStopping' }) as Issue,
    ],
    [
      'two class weightings',
      { training: { balancedLoss: true, classWeights: [1, 2] } },
      expect.objectContaining({ path: 'training.balancedLoss' }) as Issue,
    ],
  ])('reports %s with its value and what is allowed', (_, options, issue) => {
    expect(issuesOf({ data, ...options })).toEqual([issue]);
  });

  it('reports what is missing', () => {
    expect(issuesOf({})).toEqual([
      { path: 'data', message: 'missing', hint: 'an object of options' },
    ]);
    expect(issuesOf({ data: {} })).toEqual([
      { path: 'data.path', message: 'missing', hint: 'a string' },
    ]);
    for (const raw of [null, [], 'x'])
      expect(issuesOf(raw)).toEqual([expect.objectContaining({ path: 'configuration' })]);
  });

  it('reports the issues of all sections together', () => {
    const issues = issuesOf({
      data,
      split: { test: 2 },
      training: { epochs: 0 },
      model: { name: 'nothing', namAt: 'e9' },
      typo: 1,
    });
    expect(issues.map(({ path }) => path)).toEqual([
      'split.test',
      'training.epochs',
      'typo',
      'model',
    ]);
  });

  it('accepts the options of the synthetic images', () => {
    expect(parseRunConfig({ data: { kind: 'tiny-lesions' } }).data).toEqual({
      kind: 'tiny-lesions',
      images: 1000,
      size: 96,
      classes: 4,
      seed: 0,
    });
    expect(issuesOf({ data: { kind: 'tiny-lesions', images: 3, path: '/x' } })).toEqual([
      { path: 'data.images', message: 'got 3', hint: 'at least 40' },
      {
        path: 'data.path',
        message: 'unknown option',
        hint: 'known: kind, images, size, classes, seed',
      },
    ]);
  });

  it.each<[string, RawOptions]>([
    ['the defaults', { data }],
    ['the synthetic images', { data: { kind: 'tiny-lesions', seed: 4 } }],
    [
      'all optional options',
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
  ])('is the same after writing and reading config.yaml: %s', (_, raw) => {
    const config = parseRunConfig(raw);
    const read = parse(stringify(config)) as RawOptions;
    expect(parseRunConfig(read)).toEqual(config);
    expect(parse(stringify(parseRunConfig(read)))).toEqual(read);
  });

  it('refuses to keep weights that have learned nothing, and to balance classes twice', () => {
    const training = { headEpochs: 1, freezeStages: 2, balancedLoss: true, balancedSampling: true };
    expect(issuesOf({ data: { path: '/x' }, training }).map(({ path }) => path)).toEqual([
      'training.balancedLoss',
      'training.freezeStages',
      'training.headEpochs',
    ]);
    const fitting = { headEpochs: 1, freezeStages: 2, balancedSampling: true };
    parseRunConfig({ data: { path: '/x' }, model: { weights: 'imagenet' }, training: fitting });
  });

  it('refuses former names of options, and names the present ones', () => {
    const issues = issuesOf({
      data,
      engine: { engine: 'wasm' },
      preprocessing: { deviation: [1, 1, 1], size: 5 },
    });
    expect(issues.slice(0, 2)).toEqual([
      { path: 'engine.engine', message: 'was renamed', hint: 'use engine.backend' },
      { path: 'preprocessing.deviation', message: 'was renamed', hint: 'use preprocessing.std' },
    ]);
    expect(issues.slice(2).map(({ path }) => path)).toEqual(['preprocessing.size']);
  });
});
