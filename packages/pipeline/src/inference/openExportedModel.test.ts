import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPreprocessing, InputError } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openExportedModel } from './openExportedModel.js';

const root = await temporaryFolder('open-exported');
const original = join(root, 'model');

beforeAll(async () => {
  await useEngine({ backend: 'wasm' });
  const model = createModel('shufflenetv2', { classes: 2, width: 0.5 });
  await exportModel(model, original, {
    labels: ['none', 'some'],
    preprocessing: { ...defaultPreprocessing, size: [64, 64] },
  });
  model.dispose();
});

interface ModelJson {
  userDefinedMetadata: { labels: unknown; preprocessing: Record<string, unknown> };
  modelTopology: { config: { layers: { class_name: string }[] } };
}

/** Opens a copy of the model that was changed, and returns the error. */
async function errorOf(name: string, change: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(root, name);
  await cp(original, folder, { recursive: true });
  await change(folder);
  const before = tf.memory().numTensors;
  const error: unknown = await openExportedModel(folder).catch((reason: unknown) => reason);
  expect(tf.memory().numTensors).toBe(before);
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).toContain(folder);
  return (error as Error).message;
}

const changeJson =
  (change: (json: ModelJson) => void) =>
  async (folder: string): Promise<void> => {
    const file = join(folder, 'model.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as ModelJson;
    change(json);
    await writeFile(file, JSON.stringify(json));
  };

const changeWeights =
  (change: (bytes: Buffer) => Buffer) =>
  async (folder: string): Promise<void> => {
    const file = join(folder, 'weights.bin');
    await writeFile(file, change(await readFile(file)));
  };

describe('openExportedModel', () => {
  it('opens the model as it was written', async () => {
    const before = tf.memory().numTensors;
    const model = await openExportedModel(original);
    expect(model).toMatchObject({ task: 'multiclass', labels: ['none', 'some'] });
    expect(model.preprocessing).toMatchObject({ size: [64, 64], tiles: [8, 8] });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, (json: ModelJson) => void, string]>([
    [
      'a billion tiles',
      (json) => (json.userDefinedMetadata.preprocessing.tiles = [1e9, 1e9]),
      'tiles',
    ],
    ['no size', (json) => (json.userDefinedMetadata.preprocessing.size = []), 'size'],
    ['an unknown step', (json) => (json.userDefinedMetadata.preprocessing.sharpen = 2), 'sharpen'],
    ['a number for labels', (json) => (json.userDefinedMetadata.labels = 7), 'labels'],
    ['a label twice', (json) => (json.userDefinedMetadata.labels = ['a', 'a']), 'occurs twice'],
    [
      'too many labels',
      (json) => (json.userDefinedMetadata.labels = ['a', 'b', 'c']),
      'names 3 classes, but the model has 2 outputs',
    ],
    [
      'an unknown layer',
      (json) => (json.modelTopology.config.layers[3].class_name = 'Surprise'),
      'cannot be loaded',
    ],
  ])('refuses %s in model.json', async (name, change, message) => {
    expect(await errorOf(name.replaceAll(' ', '-'), changeJson(change))).toContain(message);
  });

  it.each<[string, (bytes: Buffer) => Buffer, string]>([
    [
      'weights that are cut off',
      (bytes) => bytes.subarray(0, bytes.length - 3),
      'bytes, but model.json',
    ],
    ['a NaN', (bytes) => (bytes.writeFloatLE(NaN, 400), bytes), 'holds NaN among its weights'],
  ])('refuses %s', async (name, change, message) => {
    expect(await errorOf(name.replaceAll(' ', '-'), changeWeights(change))).toContain(message);
  });
});
