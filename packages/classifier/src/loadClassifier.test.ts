import { InputError, UnavailableError } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { eachBackend } from '@nonlocal-med/engine/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadClassifier } from './loadClassifier.js';
import type { ReadFile } from './modelSource.js';
import { labels, writeModelFiles } from './testing/modelFiles.js';
import { size, testImage } from './testing/testImage.js';

const image = { data: testImage(1), ...size };
const reading =
  (files: Readonly<Record<string, Uint8Array | undefined>>): ReadFile =>
  (name) =>
    Promise.resolve(files[name] ?? null);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** The files with one JSON file changed. */
function changed(
  files: Readonly<Record<string, Uint8Array>>,
  name: string,
  change: (value: Record<string, unknown>) => Record<string, unknown>,
): ReadFile {
  const value = JSON.parse(text(files[name])) as Record<string, unknown>;
  return reading({ ...files, [name]: bytes(change(value)) });
}

eachBackend((backend) => {
  it('gives labels, probabilities, decisions, the unlike score and maps, and leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    const classifier = await loadClassifier(reading(await writeModelFiles()));
    const result = await classifier.classify(image, { explain: true });
    expect(result.labels).toEqual(labels);
    expect(result.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(result.calibrated!.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
    expect(result.calibrated).not.toEqual(result.probabilities);
    expect(result.shown).toBe('probabilities');
    const best = result.probabilities.indexOf(Math.max(...result.probabilities));
    expect(result.predicted).toEqual([labels[best]]);
    expect(result.decisions.map(({ positive }) => positive)).toEqual(labels.map((name) => [name]));
    for (const [index, { score, threshold, margin, isPositive }] of result.decisions.entries()) {
      expect(score).toBe(result.probabilities[index]);
      expect([margin, isPositive]).toEqual([score - threshold, score >= threshold]);
    }
    expect(result.unlike!.distance).toBeGreaterThan(1);
    expect(result.unlike!.text).toContain('training images 37 to 272 %');
    const [{ values, ...map }] = result.maps;
    expect(result.maps).toHaveLength(1);
    expect(map).toEqual({
      label: labels[best],
      method: 'gradcam++',
      layer: 'e1',
      height: 64,
      width: 80,
    });
    expect(values).toHaveLength(64 * 80);
    expect(Math.max(...values)).toBeCloseTo(1, 5);
    expect(classifier.backend).toEqual({
      name: backend === 'native' ? 'tensorflow' : 'wasm',
      precision: 'float32',
    });
    expect(classifier.warnings).toEqual([]);
    expect(await classifier.selfTest()).toMatchObject({ passed: true, difference: 0 });
    classifier.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('loadClassifier', () => {
  let files: Record<string, Uint8Array>;
  beforeAll(async () => {
    await useEngine({ backend: 'wasm' });
    files = await writeModelFiles();
  });

  it('decides on calibrated probabilities where the run chose so', async () => {
    const calibrated = await writeModelFiles({ calibrated: true, limit: 1e6 });
    const classifier = await loadClassifier(reading(calibrated));
    const result = await classifier.classify(image);
    expect(result.shown).toBe('calibrated');
    expect(result.decisions.map(({ score }) => score)).toEqual(result.calibrated);
    expect(result.unlike).toEqual({
      distance: expect.any(Number) as number,
      reasons: [],
      text: '',
    });
    expect(result.maps).toEqual([]);
    classifier.dispose();
  });

  it('classifies several findings, each for itself, and explains those that are wanted', async () => {
    const findings = await writeModelFiles({ task: 'multilabel' });
    const classifier = await loadClassifier(reading(findings));
    expect(classifier.task).toBe('multilabel');
    const { probabilities, predicted, calibrated, maps } = await classifier.classify(image, {
      explain: { classes: ['severe', 'healthy'], method: 'attention-received' },
    });
    expect(Math.abs(probabilities.reduce((sum, p) => sum + p, 0) - 1)).toBeGreaterThan(0.01);
    expect(predicted).toEqual(labels.filter((_, i) => probabilities[i] >= 0.5));
    expect(calibrated).toHaveLength(3);
    expect(maps.map(({ label, method, layer }) => [label, method, layer])).toEqual([
      ['severe', 'attention-received', 'nam'],
      ['healthy', 'attention-received', 'nam'],
    ]);
    classifier.dispose();
  });

  it('takes a model without decisions, statistics and self-test', async () => {
    const { 'model.json': model, 'weights.bin': weights } = files;
    const classifier = await loadClassifier(
      reading({ 'model.json': model, 'weights.bin': weights }),
    );
    const { decisions, calibrated, unlike } = await classifier.classify(image);
    expect([decisions, calibrated, unlike, classifier.decision]).toEqual([[], null, null, null]);
    await expect(classifier.selfTest()).rejects.toThrow('has no self-test.json');
    classifier.dispose();
  });

  it('takes images of the depth of the training images only', async () => {
    const twelve = await writeModelFiles({
      preprocessing: { size: [64, 64], values: [0, 4095], contrast: 'clahe', color: 'grey' },
    });
    const classifier = await loadClassifier(reading(twelve));
    const data = Uint16Array.from({ length: 64 * 64 }, (_, i) => i % 4096);
    const { probabilities } = await classifier.classify({ data, width: 64, height: 64 });
    expect(probabilities).toHaveLength(3);
    await expect(classifier.classify(image)).rejects.toThrow(
      'image: has 8 bits, but the model was trained on images with 12 bits (0 to 4,095)',
    );
    expect(await classifier.selfTest()).toMatchObject({ passed: true });
    classifier.dispose();
  });

  const preprocessing = (change: Record<string, unknown>) => (value: Record<string, unknown>) => {
    const metadata = value.userDefinedMetadata as Record<string, object>;
    return {
      ...value,
      userDefinedMetadata: {
        ...metadata,
        preprocessing: { ...metadata.preprocessing, ...change },
      },
    };
  };
  it.each([
    ['a contrast of another version', { contrast: 'retinex' }, 'contrast: got "retinex" (one of'],
    ['an option of another version', { vignette: 0.5 }, 'preprocessing.vignette: unknown option'],
  ])('refuses %s', async (_, change, message) => {
    const before = tf.memory().numTensors;
    const refused = loadClassifier(changed(files, 'model.json', preprocessing(change)));
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads models of version 0.0, whose metadata has deviation for std', async () => {
    const former = preprocessing({ std: undefined, fit: undefined, deviation: [0.5, 0.5, 0.5] });
    const classifier = await loadClassifier(changed(files, 'model.json', former));
    expect(classifier.preprocessing).toMatchObject({ std: [0.5, 0.5, 0.5], fit: 'stretch' });
    classifier.dispose();
  });

  it('refuses incomplete and mixed folders, and leaves no tensors behind', async () => {
    const before = tf.memory().numTensors;
    const without = (name: string): ReadFile => reading({ ...files, [name]: undefined });
    await expect(loadClassifier(without('model.json'))).rejects.toThrow(
      'model/model.json: does not exist (the whole folder of an exported model',
    );
    await expect(loadClassifier(without('weights.bin'))).rejects.toThrow(
      'model/weights.bin: does not exist',
    );
    await expect(
      loadClassifier(changed(files, 'decision.json', (d) => ({ ...d, classes: ['a', 'b'] }))),
    ).rejects.toThrow(
      'decision.json: is for the classes a, b, but the model has healthy, mild, severe',
    );
    await expect(
      loadClassifier(changed(files, 'self-test.json', (s) => ({ ...s, version: 2 }))),
    ).rejects.toThrow('self-test.json: version: got 2 (1)');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says by how much a self-test fails', async () => {
    const wrong = changed(files, 'self-test.json', (s) => ({ ...s, logits: [0, 0, 9] }));
    const classifier = await loadClassifier(wrong);
    const result = await classifier.selfTest();
    expect(result.passed).toBe(false);
    expect(result.logitDifference).toBeGreaterThan(0.1);
    expect(result.backends).toEqual({ recorded: 'wasm', here: 'wasm' });
    classifier.dispose();
  });
});

// The wasm backend under the name of another one.
describe('on WebGPU', () => {
  let files: Record<string, Uint8Array>;
  beforeAll(async () => {
    await useEngine({ backend: 'wasm' });
    files = await writeModelFiles();
    const backend = tf.backend();
    tf.registerBackend('webgpu', () => backend);
    tf.copyRegisteredKernels('wasm', 'webgpu');
    await tf.setBackend('webgpu');
  });

  it('loads a model whose self-test passes', async () => {
    const classifier = await loadClassifier(reading(files));
    expect(classifier.backend.name).toBe('webgpu');
    classifier.dispose();
  });

  it.each([
    [
      'fails',
      changedLater((s) => ({ ...s, logits: [0, 0, 0], probabilities: [0.3, 0.3, 0.4] })),
      'WebGPU is not used: the self-test failed on the backend webgpu: probabilities differ by up to',
    ],
    ['is missing', null, 'WebGPU is used only after a self-test. The folder of the model has no'],
  ])('refuses a model whose self-test %s', async (_, change, message) => {
    const before = tf.memory().numTensors;
    const source =
      change === null ? reading({ ...files, 'self-test.json': undefined }) : change(files);
    const refused = loadClassifier(source);
    await expect(refused).rejects.toThrow(UnavailableError);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toThrow("await tf.setBackend('wasm')");
    expect(tf.memory().numTensors).toBe(before);
  });
});

function changedLater(
  change: (value: Record<string, unknown>) => Record<string, unknown>,
): (files: Record<string, Uint8Array>) => ReadFile {
  return (files) => changed(files, 'self-test.json', change);
}
