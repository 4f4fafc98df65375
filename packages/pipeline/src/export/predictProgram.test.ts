import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultPreprocessing, parseCsv, type Task } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import { useEngine } from '@nonlocal-med/engine';
import { chooseDecision, decisionColumns } from '@nonlocal-med/metrics';
import { createModel } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import { writeDecision } from '@nonlocal-med/runs';
import { temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type DecidedFile, decideFiles } from '../decision/decideFiles.js';
import { openDecision } from '../decision/openDecision.js';
import { encodeImage } from '../explanation/encodeImage.js';
import { openExportedModel } from '../inference/openExportedModel.js';
import { predictFiles } from '../inference/predictImages.js';
import { exportTrained } from './exportTrained.js';

const python = process.env.NONLOCAL_MED_PYTHON ?? 'python3';
const folder = await temporaryFolder('predict program');
const labels = ['none', 'prediction'];
const images = [0, 1, 2].map((i) => join(folder, `-image ${i}.png`));

/** Exports a model with random weights, a calibration, and two operating points for the same class. */
async function writeModel(task: Task): Promise<string> {
  const model = createModel('shufflenetv2-nla', { classes: 2, width: 0.5, task, seed: 2 });
  const preprocessing = { ...defaultPreprocessing, size: [64, 80], values: '8-bit' } as const;
  const out = join(folder, task);
  await exportModel(model, out, { labels, preprocessing });
  model.dispose();
  const ids = Array.from({ length: 40 }, (_, i) => `image ${i}`);
  const truth = Int32Array.from(ids, (_, i) => Number(i % 3 === 0));
  const scores = ids.map((_, i) => 0.5 + 0.3 * (truth[i] - 0.5) + 0.2 * Math.sin(i));
  const values = { ids, probabilities: Float64Array.from(scores.flatMap((p) => [1 - p, p])) };
  const validation =
    task === 'multilabel'
      ? { findings: labels, labels: Int32Array.from([...truth].flatMap((y) => [1 - y, y])) }
      : { classes: labels, labels: truth };
  const positive = 'prediction';
  const decision = chooseDecision(
    { ...validation, ...values },
    {
      calibrated: true,
      rules: [
        { positive, goal: { kind: 'sensitivity', target: 0.9 } },
        { positive, goal: { kind: 'cost', ratio: 10 } },
        { positive: 'none', goal: { kind: 'youden' } },
      ],
    },
  );
  await writeDecision(out, { version: 1, weights: 'selected', classes: labels, ...decision });
  return out;
}

/** What `eval predict` predicts and decides. */
async function predictHere(model: string): Promise<DecidedFile[]> {
  const opened = await openExportedModel(model);
  try {
    const files = await predictFiles(
      opened,
      images.map((file) => ({ file })),
      { workers: 0 },
    );
    return decideFiles(files, labels, await openDecision(opened)) as DecidedFile[];
  } finally {
    opened.dispose();
  }
}

describe.runIf(spawnSync(python, ['-c', 'import cv2, torch']).status === 0)(
  `predict.py (${python})`,
  () => {
    beforeAll(async () => {
      await useEngine();
      for (const [index, file] of images.entries()) {
        const { pixels } = tinyLesionsImage({ size: 100, seed: 1, index, classes: 2 });
        writeFileSync(file, await encodeImage(pixels).png().toBuffer());
      }
      writeFileSync(join(folder, 'text.png'), 'not an image');
    });

    it.each(['multiclass', 'multilabel'] as const)(
      'prints the columns, probabilities and decisions of `eval predict` for the task %s',
      async (task) => {
        const model = await writeModel(task);
        const out = join(folder, `${task} in PyTorch`);
        await exportTrained(model, { format: 'pytorch', out });
        const names = images.map((file) => `./${file.slice(folder.length + 1)}`);
        const { stdout, stderr, status } = spawnSync(
          python,
          [join(out, 'predict.py'), ...names, 'text.png'],
          { encoding: 'utf8', cwd: folder },
        );
        expect(stderr).toBe('text.png is not a JPEG, PNG, TIFF or WebP file\n');
        expect(status).toBe(1);
        const [header, ...rows] = parseCsv(stdout).map(({ fields }) => fields);
        const here = await predictHere(model);
        const predicted = task === 'multilabel' ? ['findings'] : ['prediction_', 'probability'];
        const decided = decisionColumns(here[0].decisions);
        expect(decided[0]).toBe('decision:prediction:sensitivity>=0.9');
        expect(header).toEqual(['id', ...labels, ...predicted, ...decided, 'error']);
        expect(rows.map(([id]) => id)).toEqual([...names, 'text.png']);
        for (const [i, { probabilities, predicted: best, decisions }] of here.entries()) {
          const cell = (title: string): string => rows[i][header.indexOf(title)];
          for (const [label, name] of labels.entries())
            expect(Number(cell(name))).toBeCloseTo(probabilities[label], 5);
          if (task === 'multiclass') {
            expect(cell('prediction_')).toBe(labels[best]);
            expect(Number(cell('probability'))).toBeCloseTo(probabilities[best], 5);
          } else
            expect(cell('findings').split('|').filter(Boolean).sort()).toEqual(
              labels.filter((_, label) => probabilities[label] >= 0.5),
            );
          for (const [point, { isPositive, margin }] of decisions.entries()) {
            expect(cell(decided[2 * point])).toBe(isPositive ? 'yes' : 'no');
            expect(Number(cell(decided[2 * point + 1]))).toBeCloseTo(margin, 5);
          }
        }
        expect(rows[3].slice(1)).toEqual([
          ...header.slice(2).map(() => ''),
          'text.png is not a JPEG, PNG, TIFF or WebP file',
        ]);
        const tested = spawnSync(python, [join(out, 'predict.py'), '--self-test'], {
          encoding: 'utf8',
        });
        expect(tested.stdout).toContain('The self-test passed.');
      },
      120_000,
    );

    it('says what it does not do, and which file is missing', () => {
      const out = join(folder, 'multiclass in PyTorch');
      const run = (...given: string[]): SpawnSyncReturns<string> =>
        spawnSync(python, [join(out, 'predict.py'), ...given], { encoding: 'utf8' });
      const help = run('--help').stdout.replaceAll(/\s+/g, ' ');
      expect(help).toContain(
        'It does not say whether an image is unlike the training images, for which a model is not made, and reads no DICOM files: `npx nonlocal-med predict` with the folder of the run does both.',
      );
      rmSync(join(out, 'weights.safetensors'));
      expect(run('a.png').stderr).toMatch(
        /weights\.safetensors is missing: copy the whole folder of the model/,
      );
    }, 60_000);
  },
);
