import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type TrainingEvent } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { RawOptions } from '../config/mergeOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { tinyConfig } from '../testing/tinyConfig.js';
import { compareRuns } from './compareRuns.js';
import type { RunOutcome } from './completeRun.js';
import { evaluateRun } from './evaluateRun.js';
import { resumeRun } from './resumeRun.js';
import { startRun } from './startRun.js';

const root = await temporaryFolder('start-run');
const folder = join(root, 'run');
const json = async (file: string): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(folder, file), 'utf8')) as Record<string, unknown>;

describe('a run from start to end', () => {
  const config = tinyConfig();
  const events: TrainingEvent[] = [];
  const stages = new Map<string, number>();
  let outcome: RunOutcome;
  let tensors: { before: number; after: number };

  beforeAll(async () => {
    await useEngine(config.engine);
    const before = tf.memory().numTensors;
    outcome = await startRun(config, {
      folder,
      onEvent: (event) => events.push(event),
      onImages: (stage, done) => stages.set(stage, done),
    });
    tensors = { before, after: tf.memory().numTensors };
  });

  it('writes the files of a run', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'SHA256SUMS',
      'checkpoints',
      'config.yaml',
      'decision.json',
      'environment.json',
      'events.jsonl',
      'images.json',
      'kernels.json',
      'metrics.json',
      'model',
      'predictions',
      'sheets',
      'tensorboard',
    ]);
    expect((await readdir(join(folder, 'sheets'))).sort()).toEqual(['test.webp', 'training.webp']);
    expect((await readdir(join(folder, 'model'))).sort()).toEqual([
      'README.md',
      'decision.json',
      'metadata.json',
      'model.json',
      'model.py',
      'predict.py',
      'preprocess.py',
      'read_image.py',
      'seen-images.json',
      'self-test.json',
      'weights.bin',
      'weights.safetensors',
    ]);
    expect((await readdir(join(folder, 'predictions'))).sort()).toEqual([
      'decisions-last.csv',
      'decisions-selected.csv',
      'test-last.csv',
      'test-selected.csv',
      'validation-last.csv',
      'validation-selected.csv',
    ]);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(['best', 'last']);
  });

  it('writes a config.yaml that parses to the same configuration', async () => {
    expect(
      parseRunConfig(parse(await readFile(join(folder, 'config.yaml'), 'utf8')) as RawOptions),
    ).toEqual(config);
  });

  it('writes versions, engine and data to environment.json', async () => {
    const environment = await json('environment.json');
    expect(environment).toMatchObject({
      engine: { engine: expect.stringMatching(/^(native|wasm)$/) as string },
      versions: { node: process.version, '@nonlocal-med/train': expect.any(String) as string },
      seed: 3,
      data: {
        images: 40,
        classes: ['no dots', 'dots'],
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        skipped: [],
        split: { train: { images: 17 }, validation: { images: 11 }, test: { images: 12 } },
      },
    });
  });

  it('is tested with the last and the best checkpoint', async () => {
    expect(outcome).toMatchObject({
      folder,
      reason: 'finished',
      metrics: { images: { train: 17, validation: 11, test: 12 }, lastEpoch: 2 },
    });
    expect(await json('metrics.json')).toEqual(JSON.parse(JSON.stringify(outcome.metrics)));
    const end = events.at(-1) as Extract<TrainingEvent, { type: 'end' }>;
    expect(outcome.metrics!.selectedEpoch).toBe(end.bestEpoch);
  });

  it('reports events and progress', () => {
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['start', 'step', 'epoch', 'checkpoint', 'end']),
    );
    expect(events.at(-1)).toMatchObject({ type: 'end', reason: 'finished', epoch: 2 });
    expect(stages.get('testing')).toBe(12);
  });

  it('leaks no tensor', () => {
    expect(tensors.after).toBe(tensors.before);
  });

  it('is reproduced exactly by evaluateRun with both checkpoints, without leaking a tensor', async () => {
    const before = tf.memory().numTensors;
    for (const weights of ['selected', 'last', undefined] as const) {
      const evaluation = await evaluateRun({ folder, weights });
      expect(evaluation.weights).toBe(weights ?? 'selected');
      expect(evaluation.report).toEqual(outcome.metrics![evaluation.weights]);
      expect(JSON.stringify(evaluation.report)).toBe(JSON.stringify(evaluation.recorded));
      expect(evaluation.reproduced).toBe(true);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is left as it is when it is resumed, and its folder cannot be used again', async () => {
    const notes: string[] = [];
    const resumed = await resumeRun({ folder, onNote: (line) => notes.push(line) });
    expect(resumed).toEqual({ folder, reason: 'finished', metrics: outcome.metrics });
    expect(notes).toEqual([
      'The run is complete (2 epochs, tested): nothing is left to train or test.',
    ]);
    await expect(startRun(config, { folder })).rejects.toThrow(
      /already holds a run \(finished, 2 epochs done\)/,
    );
  });
});

describe('a run whose metrics.json was cut off', () => {
  it('is tested again when it is resumed', async () => {
    const file = join(folder, 'metrics.json');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.slice(0, whole.length / 2));
    await resumeRun({ folder });
    expect(await readFile(file, 'utf8')).toBe(whole);
  });
});

describe('a run of many epochs', () => {
  it('keeps no more memory and tensors after the last epoch than after the fourth', async () => {
    const epochs: Extract<TrainingEvent, { type: 'epoch' }>[] = [];
    await startRun(tinyConfig({ training: { epochs: 6 } }), {
      folder: join(root, 'long'),
      onEvent: (event) => event.type === 'epoch' && epochs.push(event),
    });
    expect(new Set(epochs.map(({ tensors }) => tensors)).size).toBe(1);
    // The last batch of an epoch has another shape, whose graph is recorded in the third epoch.
    expect(epochs[5].residentBytes).toBeLessThanOrEqual(1.1 * epochs[3].residentBytes);
  });
});

describe('a run that cannot be started', () => {
  const refused = async (...changes: RawOptions[]): Promise<string> => {
    const place = join(root, 'refused');
    const error = await startRun(tinyConfig(...changes), { folder: place }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    await expect(readdir(place)).rejects.toThrow('ENOENT');
    return (error as Error).message;
  };

  it('has another number of class weights than classes', async () => {
    expect(await refused({ training: { classWeights: [1, 2, 3] } })).toBe(
      'training.classWeights: has 3 weights (2, one for each of no dots, dots)',
    );
  });

  it('has unreadable weights, or weights of another model', async () => {
    const before = tf.memory().numTensors;
    const file = join(root, 'other.safetensors');
    await writeFile(file, 'not weights');
    expect(await refused({ model: { weights: file } })).toContain(file);
    expect(await refused({ model: { weights: join(root, 'missing.pth') } })).toContain(
      'missing.pth: there is no such file',
    );
    const other = createModel('resnet18', { classes: 2, inputSize: 48 });
    await exportModel(other, join(root, 'resnet'), {
      labels: ['a', 'b'],
      preprocessing: tinyConfig().preprocessing,
    });
    other.dispose();
    expect(
      await refused({ model: { weights: join(root, 'resnet', 'weights.safetensors') } }),
    ).toMatch(/weights\.safetensors: none of its tensors belongs to this model/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a run without a test set', () => {
  it('reports it, and has undefined metrics', async () => {
    const notes: string[] = [];
    const { metrics, reason } = await startRun(
      tinyConfig({ split: { test: 0, validation: 0 }, training: { epochs: 1, batchSize: 20 } }),
      { folder: join(root, 'untested'), onNote: (line) => notes.push(line) },
    );
    expect(notes.join('\n')).toContain('There is no test set (split.test is 0)');
    expect(reason).toBe('finished');
    expect(metrics).toMatchObject({
      images: { train: 40, validation: 0, test: 0 },
      selectedEpoch: null,
      last: { metrics: { auc: { value: null } } },
    });
  });
});

describe('a run on files', () => {
  it('lists skipped images, and cannot be resumed or evaluated on other images', async () => {
    const path = await imageFolder(join(root, 'images'));
    await writeFile(join(path, 'none', 'broken.png'), 'not an image');
    const notes: string[] = [];
    const run = join(root, 'on-files');
    const stop = new AbortController();
    const { reason } = await startRun(
      parseRunConfig({ ...tinyConfig(), data: { path, onBadImage: 'skip', cacheFolder: null } }),
      {
        folder: run,
        signal: stop.signal,
        onNote: (line) => notes.push(line),
        onEvent: ({ type }) => type === 'epoch' && stop.abort(),
      },
    );
    expect(reason).toBe('interrupted');
    expect(notes).toContain('Skipped 1 unreadable image; the environment.json of a run lists it.');
    await expect(compareRuns(folder, run)).rejects.toThrow(
      /on-files: the run has no test predictions \(a run that was trained to its end\)/,
    );
    const environment = JSON.parse(await readFile(join(run, 'environment.json'), 'utf8')) as {
      data: { skipped: unknown };
    };
    expect(environment.data.skipped).toEqual([
      { file: join(path, 'none', 'broken.png'), reason: expect.any(String) as string },
    ]);
    await writeFile(
      join(path, 'some', 'more.png'),
      await readFile(join(path, 'some', (await readdir(join(path, 'some')))[0])),
    );
    const changed =
      /the images have changed since the run was started: 24 images with fingerprint [0-9a-f]{12} then, 25 with/;
    await expect(resumeRun({ folder: run })).rejects.toThrow(changed);
    await expect(evaluateRun({ folder: run })).rejects.toThrow(changed);
  });
});
