import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRunConfig, type RawOptions } from '@nonlocal-med/pipeline';
import { resolveUserPath } from '@nonlocal-med/terminal';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOptions } from './readOptions.js';
import { addTrainingFlags, trainingFlags } from './trainingFlags.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'options-'));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (...argv: string[]): Promise<RawOptions> =>
  readOptions(addTrainingFlags(new Command()).parse(argv, { from: 'user' }).opts());
const at = (options: unknown, path: string): unknown =>
  path.split('.').reduce((inner, key) => (inner as RawOptions | undefined)?.[key], options);

/** For each flag a value other than the default, and its parsed value. */
const given: Readonly<Record<string, readonly [text: string, value: unknown]>> = {
  'data.path': ['/images', '/images'],
  'data.kind': ['messidor', 'messidor'],
  'data.label': ['dme3', 'dme3'],
  'data.fileColumn': ['scan', 'scan'],
  'data.labelColumn': ['grade', 'grade'],
  'data.task': ['multilabel', 'multilabel'],
  'data.labelColumns': ['Edema, Mass', ['Edema', 'Mass']],
  'data.labelSeparator': [';', ';'],
  'data.noFinding': ['normal', 'normal'],
  'data.findings': ['["a, b", c]', ['a, b', 'c']],
  'data.uncertain': ['zeros', 'zeros'],
  'data.blank': ['ones', 'ones'],
  'data.labelMap': ['0=none,1..4=some,9=', { 0: 'none', '1..4': 'some', 9: null }],
  'data.groupColumn': ['eye', 'eye'],
  'data.groupPattern': ['^(\\d+)_', '^(\\d+)_'],
  'data.attributes': ['sex,scanner', ['sex', 'scanner']],
  'data.splitColumn': ['part', 'part'],
  'data.splitFile': ['/split.csv', '/split.csv'],
  'data.givenSplit': ['ignore', 'ignore'],
  'data.allowLeaks': ['', true],
  'data.bits': ['12', 12],
  'data.window': ['2', 2],
  'data.keepNames': ['', true],
  'data.ordered': ['', true],
  'data.onBadImage': ['skip', 'skip'],
  'model.name': ['resnet18', 'resnet18'],
  'model.weights': ['/weights.pth', '/weights.pth'],
  'preprocessing.size': ['96x64', [96, 64]],
  'preprocessing.fit': ['letterbox', 'letterbox'],
  augmentation: ['none', false],
  'preprocessing.color': ['gray', 'grey'],
  'preprocessing.contrast': ['none', 'none'],
  'training.epochs': ['3', 3],
  'training.batchSize': ['5', 5],
  'training.learningRate': ['1e-3', 1e-3],
  'training.precision': ['bfloat16', 'bfloat16'],
  'training.schedule.kind': ['cosine', 'cosine'],
  'training.optimizer': ['adamw', 'adamw'],
  'training.weightDecay': ['0.05', 0.05],
  'training.clipNorm': ['1', 1],
  'training.loss': ['focal', 'focal'],
  'training.labelSmoothing': ['0.1', 0.1],
  'training.mixup': ['0.2', 0.2],
  'training.cutmix': ['1', 1],
  'training.balancedSampling': ['', true],
  'training.accumulateBatches': ['8', 8],
  'training.synchronizedBatchNorm': ['', true],
  'training.freezeStages': ['2', 2],
  'training.headEpochs': ['2', 2],
  'training.layerDecay': ['0.7', 0.7],
  'training.ema.decay': ['0.99', 0.99],
  seed: ['7', 7],
  'split.test': ['0.2', 0.2],
  'split.validation': ['0', 0],
  'decision.operatingPoints': ['a: specificity>=0.95', ['a: specificity>=0.95']],
  'decision.calibrated': ['', true],
  'test.tta': ['flips', 'flips'],
  'loader.workers': ['0', 0],
  'loader.cacheFolder': ['/cache', '/cache'],
  'engine.backend': ['wasm', 'wasm'],
};

describe('the flags of a run', () => {
  it.each(trainingFlags)('$flags reaches $path of the configuration', async ({ flags, path }) => {
    const [text, value] = given[path];
    const data = path === 'data.path' ? [] : ['--data', '/other'];
    const needed = /freezeStages|headEpochs/.test(path) ? ['--weights', 'imagenet'] : [];
    const flag = [flags.split(' ')[0], text].filter((part) => part !== '');
    const config = parseRunConfig(await read(...data, ...needed, ...flag));
    expect(at(config, path)).toEqual(value);
  });

  it('leave out options that are not given', async () => {
    expect(await read('--data', '/images')).toEqual({ data: { path: '/images' } });
    expect(await read('--data', '/images', '--no-augment')).toEqual({
      data: { path: '/images' },
      augmentation: false,
    });
  });

  it('override the file and are overridden by --set, whose values are YAML', async () => {
    const file = join(folder, 'options.yaml');
    await writeFile(
      file,
      'data: { path: /from-file }\ntraining: { epochs: 1, batchSize: 2, learningRate: 0.5 }\nseed: 1\n',
    );
    const options = await read(
      '--config',
      file,
      '--epochs',
      '10',
      '--batch',
      '20',
      '--set',
      'training.epochs=100',
      'augmentation.angles=[0, 90]',
      '--set',
      'training.balancedLoss=true',
      'model.name=resnet18',
    );
    expect(options).toEqual({
      data: { path: '/from-file' },
      training: { epochs: 100, batchSize: 20, learningRate: 0.5, balancedLoss: true },
      augmentation: { angles: [0, 90] },
      model: { name: 'resnet18' },
      seed: 1,
    });
  });

  it('resolve paths relative to the user, but not those inside a data set', async () => {
    const options = await read(
      '--data',
      'images',
      '--weights',
      'w.pth',
      '--cache',
      'c',
      '--set',
      'data.csv=labels.csv',
    );
    expect(options).toEqual({
      data: { path: resolveUserPath('images'), csv: 'labels.csv' },
      model: { weights: resolveUserPath('w.pth') },
      loader: { cacheFolder: resolveUserPath('c') },
    });
    expect(await read('--data', 'x', '--weights', 'imagenet')).toMatchObject({
      model: { weights: 'imagenet' },
    });
  });

  it('take lists of a split, by the names of its parts, relative to the user', async () => {
    const options = await read('--data', 'x', '--split-file', 'train=a.txt', 'test=b.txt');
    expect(options.data).toEqual({
      path: resolveUserPath('x'),
      splitFile: { training: resolveUserPath('a.txt'), test: resolveUserPath('b.txt') },
    });
    expect(await read('--data', 'x', '--split-file', 's.csv')).toMatchObject({
      data: { splitFile: resolveUserPath('s.csv') },
    });
    await expect(
      read('--data', 'x', '--split-file', 'trainn=a.txt').then(parseRunConfig),
    ).rejects.toThrow('data.splitFile.trainn: unknown option (did you mean "training"?');
    await expect(
      read('--data', 'x', '--split-file', 'a.csv', 'test=b.txt').then(parseRunConfig),
    ).rejects.toThrow(
      'data.splitFile: got ["a.csv","test=b.txt"] (a CSV file, or lists of images: training=FILE, validation=FILE, test=FILE)',
    );
  });

  it('take several operating points', async () => {
    const options = await read(
      '--data',
      'x',
      '--operating-point',
      'f1',
      '--operating-point',
      'a: youden',
    );
    expect(options.decision).toEqual({ operatingPoints: ['f1', 'a: youden'] });
    await expect(
      read('--data', 'x', '--operating-point', 'specificity=0.9').then(parseRunConfig),
    ).rejects.toThrow('decision.operatingPoints.0: got "specificity=0.9" ("specificity>=0.95", ');
  });

  it('keep text that is not a number, for the schema to report', async () => {
    await expect(read('--data', 'x', '--epochs', 'many').then(parseRunConfig)).rejects.toThrow(
      'training.epochs: got "many" (a number)',
    );
    await expect(read('--data', 'x', '--size', '48x').then(parseRunConfig)).rejects.toThrow(
      'preprocessing.size: got "48x" (',
    );
  });

  it('report what cannot be read', async () => {
    await expect(read()).rejects.toThrow('--data: missing');
    await expect(read('--set', 'epochs')).rejects.toThrow('--set: got "epochs" (path=value)');
    await expect(read('--set', 'a=[1')).rejects.toThrow(
      '--set a: got "[1", which is not valid YAML',
    );
    await expect(read('--config', join(folder, 'missing.yaml'))).rejects.toThrow(
      'missing.yaml: there is no such file',
    );
    const list = join(folder, 'list.yaml');
    await writeFile(list, '- 1\n');
    await expect(read('--config', list)).rejects.toThrow(
      'list.yaml: cannot be read: it has no options',
    );
  });
});
