import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MOST_EXPLAINED } from '@nonlocal-med/classifier';
import type { FindingPredictions } from '@nonlocal-med/core';
import { evaluateTask, type FindingsReport } from '@nonlocal-med/metrics';
import { readTestPredictions } from '@nonlocal-med/runs';
import { findingsFolder, temporaryFolder } from '@nonlocal-med/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseRunConfig } from '../config/parseRunConfig.js';
import { explainImages } from '../explanation/explainImages.js';
import { explainRun } from '../explanation/explainRun.js';
import { evaluateModel } from '../inference/evaluateModel.js';
import { openExportedModel } from '../inference/openExportedModel.js';
import { startRun } from './startRun.js';

const findings = ['dots', 'Pleural effusion', 'c', 'd', 'e', 'f', 'g'];
const root = await temporaryFolder('findings-run');
const folder = join(root, 'run');
const images = join(root, 'images');
const path = await findingsFolder(images, { findings });
const data = { path, labelColumns: findings, groupColumn: 'patient', cacheFolder: null };

beforeAll(async () => {
  await startRun(
    parseRunConfig({
      data,
      split: { test: 0.3, validation: 0.4 },
      preprocessing: { size: 48 },
      model: { name: 'shufflenetv2-nla', width: 0.5 },
      training: { epochs: 1, batchSize: 8 },
      loader: { workers: 0 },
      seed: 3,
    }),
    { folder },
  );
});

const readPredictions = async (): Promise<FindingPredictions> =>
  (await readTestPredictions(folder, 'last')) as FindingPredictions;

describe('a run of several findings', () => {
  it('records its labels, unknown ones too, and metrics that follow from its predictions', async () => {
    const predictions = await readPredictions();
    expect(predictions.findings).toEqual(findings);
    const rows = (await readFile(path, 'utf8')).trim().split('\n').slice(1);
    const labelsOf = new Map(
      rows.map((row) => row.split(',')).map(([id, , ...labels]) => [id, labels]),
    );
    predictions.ids.forEach((id, i) =>
      expect([...predictions.labels.subarray(7 * i, 7 * i + 7)], id).toEqual(
        labelsOf.get(id)!.map((label) => (label === '' ? -1 : Number(label))),
      ),
    );
    expect([...predictions.labels]).toContain(-1);

    const metrics = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8')) as {
      readonly task: string;
      readonly last: FindingsReport;
    };
    expect(metrics.task).toBe('multilabel');
    const again = evaluateTask(predictions, { bootstrap: { seed: 3 } });
    expect(JSON.parse(JSON.stringify(again))).toEqual(metrics.last);
  });

  it('exports a model that predicts the same, and is evaluated on the table', async () => {
    const predictions = await readPredictions();
    const before = tf.memory().numTensors;
    const model = await openExportedModel(folder);
    const evaluated = await evaluateModel(model, data, { includeSeen: true });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
    const { ids, probabilities } = evaluated.predictions;
    expect(ids).toHaveLength(40);
    predictions.ids.forEach((id, i) =>
      findings.forEach((_, f) =>
        expect(probabilities[7 * ids.indexOf(id) + f]).toBeCloseTo(
          predictions.probabilities[7 * i + f],
          4,
        ),
      ),
    );
  });

  it('is explained for each predicted finding, the most probable first', async () => {
    const { index } = await explainRun({ folder, images: 3 });
    for (const { probabilities, findings: truth, maps } of index.images) {
      expect(truth).toHaveLength(7);
      const predicted = probabilities.flatMap((value, f) => (value >= 0.5 ? [f] : []));
      const most = probabilities.indexOf(Math.max(...probabilities));
      const explained = [...new Set(maps.map((map) => map.class))];
      expect(explained[0]).toBe(most);
      expect([...explained].sort()).toEqual(predicted.length === 0 ? [most] : predicted);
    }
  });
});

describe('explainImages of several findings', () => {
  /** Writes overlays with a model whose logits are these numbers for every image. */
  async function overlays(
    name: string,
    { bias, classes }: { bias: readonly number[]; classes?: string[] },
  ): Promise<{ files: string[]; leftOut: readonly object[] }> {
    const out = join(root, name);
    const before = tf.memory().numTensors;
    const model = await openExportedModel(folder);
    try {
      const head = model.logits.layers.at(-1)!;
      const [kernel] = head.getWeights();
      tf.tidy(() => head.setWeights([tf.zerosLike(kernel), tf.tensor1d([...bias])]));
      const { leftOut } = await explainImages(model, [{ file: join(images, 'some/image-1.png') }], {
        classes,
        fileOf: ({ index, class: finding }) => join(out, `${index} ${findings[finding]}.png`),
      });
      return { files: (await readdir(out)).sort(), leftOut };
    } finally {
      model.dispose();
      expect(tf.memory().numTensors).toBe(before);
    }
  }

  it('writes an overlay for each predicted finding, or for the most probable one', async () => {
    const two = await overlays('two', { bias: [-1, 2, -3, 0, -2, -2, -2] });
    expect(two).toEqual({ files: ['0 Pleural effusion.png', '0 d.png'], leftOut: [] });
    const none = await overlays('none', { bias: [-3, -2, -1, -4, -4, -4, -4] });
    expect(none).toEqual({ files: ['0 c.png'], leftOut: [] });
  });

  it('leaves out the least probable ones of many, and reports them; named ones are never left out', async () => {
    expect(MOST_EXPLAINED).toBe(5);
    const bias = [1, 2, 3, 4, 5, 6, 7];
    const most = await overlays('most', { bias });
    expect(most.files).toEqual(['0 c.png', '0 d.png', '0 e.png', '0 f.png', '0 g.png']);
    expect(most.leftOut).toEqual([
      { index: 0, class: 1 },
      { index: 0, class: 0 },
    ]);
    const all = await overlays('all', { bias, classes: ['all'] });
    expect(all.files).toHaveLength(7);
    expect(all.leftOut).toEqual([]);
  });

  it('refuses what is not a finding, and true, as nothing is known of the images', async () => {
    for (const name of ['Effusion', 'true'])
      await expect(
        overlays('unknown', { bias: Array<number>(7).fill(0), classes: [name] }),
      ).rejects.toThrow(`classes: unknown class "${name}"`);
  });
});
