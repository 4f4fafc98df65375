import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultPreprocessing, InputError, type Task } from '@nonlocal-med/core';
import { useEngine } from '@nonlocal-med/engine';
import { eachBackend } from '@nonlocal-med/engine/testing';
import { applyCalibration, chooseDecision } from '@nonlocal-med/metrics';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { readDecision, writeDecision } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat } from './exportFormats.js';
import { exportTrained } from './exportTrained.js';
import { encodeNpy } from './npyFile.js';
import { verifyExport } from './verifyExport.js';

const root = await temporaryFolder('export');
const classes = ['none', 'some'];

/** Exports a model with random weights and a calibration as a run does. */
async function writeModel(task: Task): Promise<void> {
  const model = createModel('shufflenetv2-nla', { classes: 2, width: 0.5, task, seed: 1 });
  const folder = join(root, task);
  const preprocessing = { ...defaultPreprocessing, size: [64, 80], values: '8-bit' } as const;
  await exportModel(model, folder, { labels: classes, preprocessing });
  model.dispose();
  const ids = Array.from({ length: 40 }, (_, i) => `image ${i}`);
  const score = (i: number): number => 0.5 + 0.4 * Math.sin(i) * (i % 2 === 0 ? -1 : 1);
  const probabilities = Float64Array.from(ids.flatMap((_, i) => [1 - score(i), score(i)]));
  const truth = ids.map((_, i) => Number(Math.sin(i) * (i % 2 === 0 ? -1 : 1) > (i % 5) / 4 - 0.5));
  const validation =
    task === 'multilabel'
      ? { findings: classes, labels: Int32Array.from(truth.flatMap((y) => [1 - y, y])) }
      : { classes, labels: Int32Array.from(truth) };
  const decision = chooseDecision({ ...validation, ids, probabilities }, { calibrated: true });
  await writeDecision(folder, { version: 1, weights: 'selected', classes, ...decision });
}

beforeAll(async () => {
  await useEngine({ backend: 'wasm' });
  for (const task of ['multiclass', 'multilabel'] as const) await writeModel(task);
});

/** Exports a model once; later tests use what is there. */
async function exported(task: Task, format: ExportFormat): Promise<string> {
  const out = join(root, `${task}-${format}`);
  if ((await readdir(out).catch(() => [])).length === 0)
    await exportTrained(join(root, task), { format, out });
  return out;
}

const beside = { onnx: '', 'saved-model': '1/assets.extra' } as const;
const modelFile = { onnx: 'model.onnx', 'saved-model': '1/saved_model.pb' } as const;

eachBackend((backend) => {
  if (backend === 'wasm') {
    it('needs native TensorFlow to export', async () => {
      const out = join(root, 'never');
      await expect(
        exportTrained(join(root, 'multiclass'), { format: 'onnx', out }),
      ).rejects.toThrow(/^A graph can only be recorded by native TensorFlow/);
      await expect(readdir(out)).rejects.toThrow('ENOENT');
    });
    return;
  }

  describe.each([
    ['multiclass', 'onnx'],
    ['multilabel', 'onnx'],
    ['multiclass', 'saved-model'],
    ['multilabel', 'saved-model'],
  ] as const)('a model of the task %s as %s', (task, format) => {
    it('computes logits, probabilities and calibrated probabilities of the trained model', async () => {
      const before = tf.memory().numTensors;
      const out = await exported(task, format);
      for (const path of [out, join(out, modelFile[format])]) {
        const { passed, differences, runtime, ...found } = await verifyExport(path);
        expect(found).toEqual({ file: join(out, modelFile[format]), format, tolerance: 1e-4 });
        expect(passed).toBe(true);
        expect(runtime).toMatch(format === 'onnx' ? /^onnxruntime-node 1\./ : /^TensorFlow$/);
        expect(Object.keys(differences)).toEqual(['logits', 'probabilities', 'calibrated']);
        for (const difference of Object.values(differences)) expect(difference).toBeLessThan(1e-5);
      }
      expect(tf.memory().numTensors).toBe(before);
    });

    it('comes with what is needed to use it', async () => {
      const folder = join(await exported(task, format), beside[format]);
      const metadata = JSON.parse(await readFile(join(folder, 'metadata.json'), 'utf8')) as object;
      expect(metadata).toMatchObject({
        producer: 'nonlocal-med 0.0.0',
        model: 'shufflenetv2-nla',
        task,
        labels: classes,
        input: { name: 'image', shape: ['batch', 64, 80, 3] },
        preprocessing: { contrast: 'clahe', inside: ['normalization'] },
        calibration: { method: task === 'multilabel' ? 'platt' : 'temperature' },
        compared: 'calibrated',
        operating_points: [{ goal: { kind: 'youden' } }, {}].slice(task === 'multilabel' ? 0 : 1),
      });
      expect((await readdir(folder)).sort()).toEqual([
        'golden-0.png',
        'golden-1.png',
        'golden-input.npy',
        'golden.json',
        'metadata.json',
        ...(format === 'onnx' ? ['model.onnx'] : []),
        'preprocess.py',
        'read_image.py',
      ]);
    });

    it('gives the same bytes again', async () => {
      const out = await exported(task, format);
      const again = join(root, `${task}-${format}-again`);
      await exportTrained(join(root, task), { format, out: again });
      for (const name of [
        modelFile[format],
        ...['golden.json', 'golden-input.npy', 'metadata.json'].map((file) =>
          join(beside[format], file),
        ),
      ])
        expect(
          Buffer.compare(await readFile(join(out, name)), await readFile(join(again, name))),
        ).toBe(0);
    });
  });

  describe('verifyExport', () => {
    /** Verifies a copy of an export that was changed. */
    const changed = async (
      name: string,
      change: (folder: string) => Promise<void>,
    ): ReturnType<typeof verifyExport> => {
      const folder = join(root, name);
      await cp(await exported('multiclass', 'onnx'), folder, { recursive: true });
      await change(folder);
      return verifyExport(folder);
    };

    it('fails if an output differs', async () => {
      const { passed, differences } = await changed('other', async (folder) => {
        const file = join(folder, 'golden.json');
        const golden = JSON.parse(await readFile(file, 'utf8')) as {
          outputs: { probabilities: number[][] };
        };
        golden.outputs.probabilities[1][0] += 2e-4;
        await writeFile(file, JSON.stringify(golden));
      });
      expect(passed).toBe(false);
      expect(differences.probabilities).toBeCloseTo(2e-4, 5);
      expect(differences.logits).toBeLessThan(1e-5);
    });

    it.each<[string, (folder: string) => Promise<void>, RegExp]>([
      [
        'a damaged model',
        (folder) => writeFile(join(folder, 'model.onnx'), 'onnx'),
        /model\.onnx: cannot be run by ONNX Runtime: /,
      ],
      [
        'numbers that are missing',
        (folder) => writeFile(join(folder, 'golden.json'), '{"version":1}'),
        /golden\.json: /,
      ],
      [
        'images that are cut off',
        (folder) => writeFile(join(folder, 'golden-input.npy'), 'x'.repeat(200)),
        /golden-input\.npy: is not the array of float32 that an export writes, or is cut off/,
      ],
      [
        'images of another export',
        (folder) =>
          writeFile(
            join(folder, 'golden-input.npy'),
            encodeNpy({ shape: [1, 64, 80, 3], values: new Float32Array(64 * 80 * 3) }),
          ),
        /golden-input\.npy: has 1 image, but golden\.json has 2 rows of logits \(both files as one `eval export`/,
      ],
    ])('refuses %s', async (title, change, message) => {
      const error: unknown = await changed(title, change).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(message);
    });

    it('names a model that does not exist', async () => {
      for (const path of [join(root, 'typo.onnx'), join(root, 'typo')]) {
        const error: unknown = await verifyExport(path).catch((reason: unknown) => reason);
        expect((error as Error).message).toBe(
          `${path}: does not exist (what \`eval export\` wrote)`,
        );
      }
    });

    it('refuses a folder without a model, and a model without its numbers', async () => {
      await mkdir(join(root, 'empty'));
      await expect(verifyExport(join(root, 'empty'))).rejects.toThrow(
        /does not contain an exported model \(model\.onnx, saved_model\.pb, or the folder/,
      );
      await writeFile(join(root, 'empty/model.onnx'), '');
      await expect(verifyExport(join(root, 'empty/model.onnx'))).rejects.toThrow(
        /golden\.json: there is no such file/,
      );
    });
  });

  it('compares with calibrated probabilities as predictions have them', async () => {
    for (const task of ['multiclass', 'multilabel'] as const) {
      const golden = JSON.parse(
        await readFile(join(await exported(task, 'onnx'), 'golden.json'), 'utf8'),
      ) as { outputs: Record<'probabilities' | 'calibrated', number[][]> };
      const { calibration } = (await readDecision(join(root, task)))!;
      for (const [i, row] of golden.outputs.probabilities.entries()) {
        const values = { ids: ['image'], probabilities: Float64Array.from(row) };
        const predictions =
          task === 'multilabel'
            ? { findings: classes, labels: Int32Array.of(-1, -1), ...values }
            : { classes, labels: Int32Array.of(-1), ...values };
        expect(golden.outputs.calibrated[i]).toEqual([
          ...applyCalibration(predictions, calibration).probabilities,
        ]);
      }
    }
  });

  it.each(['multiclass', 'multilabel'] as const)(
    'refuses calibration and operating points of another model of the task %s',
    async (task) => {
      const folder = join(root, `${task} with another decision`);
      await cp(join(root, task), folder, { recursive: true });
      const decision = (await readDecision(folder))!;
      await writeDecision(folder, { ...decision, classes: [...classes].reverse() });
      await expect(
        exportTrained(folder, { format: 'onnx', out: join(root, 'wrong') }),
      ).rejects.toThrow(
        /decision\.json: is for the classes some, none, but the model has none, some \(the files of one model\)/,
      );
      await expect(readdir(join(root, 'wrong'))).rejects.toThrow('ENOENT');
    },
  );

  it('refuses a folder that is not empty', async () => {
    const out = await exported('multiclass', 'onnx');
    await expect(exportTrained(join(root, 'multiclass'), { format: 'onnx', out })).rejects.toThrow(
      /--out: ".*multiclass-onnx" is not empty: it contains golden-0\.png, golden-1\.png, golden-input\.npy, \.\.\./,
    );
  });
});
