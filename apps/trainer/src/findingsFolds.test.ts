import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readImageRecord, readRun, readTestPredictions } from '@nonlocal-med/runs';
import { findingsFolder } from '@nonlocal-med/testing';
import { afterAll, expect, it } from 'vitest';
import { startTrainer } from './testing/runTrainer.js';

const folder = mkdtempSync(join(tmpdir(), 'findings-folds-'));
const findings = ['dots', 'Pleural effusion'];
const model = { name: 'shufflenetv2', width: 0.5 };
const definition = {
  base: {
    preprocessing: { size: 48 },
    augmentation: 'none',
    training: { epochs: 1, batchSize: 8 },
    loader: { workers: 0 },
  },
  rows: [
    { key: 'slow', options: { model, training: { learningRate: 1e-4 } } },
    { key: 'fast', options: { model, training: { learningRate: 1e-3 } } },
  ],
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').trim().split('\n');
const runFolder = (row: string, repeat: number): string =>
  join(folder, 'folds/runs', row, `repeat-${repeat}`);

it('cross-validates models of several findings, and tables each of them', async () => {
  await findingsFolder(join(folder, 'images'));
  writeFileSync(join(folder, 'folds.yaml'), JSON.stringify(definition));
  const { code, stdout, stderr } = await startTrainer(folder, [
    ...['experiment', 'folds.yaml', '--data', 'images/labels.csv', '--out', 'folds'],
    ...['--label-columns', findings.join(','), '--group-column', 'patient'],
    ...['--protocol', 'folds', '--folds', '2', '--repeats', '2'],
  ]);
  expect(code, stderr).toBe(0);

  const folds = ['slow', 'fast'].map((row) =>
    Promise.all([1, 2].map((repeat) => readTestPredictions(runFolder(row, repeat), 'last'))),
  );
  const [slow, fast] = await Promise.all(folds);
  // Every image is tested once, no patient is in two folds, and both models are tested on the same images.
  expect(new Set(slow.flatMap(({ ids }) => ids)).size).toBe(40);
  expect(slow.flatMap(({ ids }) => ids)).toHaveLength(40);
  const [first, second] = slow.map(({ groups }) => new Set(groups));
  expect(first.size + second.size).toBe(20);
  expect([...first].filter((patient) => second.has(patient))).toEqual([]);
  fast.forEach(({ ids, labels }, fold) => {
    expect(ids).toEqual(slow[fold].ids);
    expect(labels).toEqual(slow[fold].labels);
    for (const f of findings.keys())
      expect(new Set([...labels].filter((_, cell) => cell % 2 === f))).toEqual(new Set([-1, 0, 1]));
  });

  // Pooled, each image by the one model that did not use it before its test.
  const [header, ...pooled] = linesOf(join(folder, 'folds/runs/slow/out-of-fold-last.csv'));
  expect(header).toBe('id,truth:dots,truth:Pleural effusion,dots,Pleural effusion');
  expect(pooled).toEqual(
    [1, 2].flatMap((repeat) =>
      linesOf(join(runFolder('slow', repeat), 'predictions/test-last.csv')).slice(1),
    ),
  );
  for (const [fold, { ids }] of slow.entries()) {
    const record = await readImageRecord(runFolder('slow', fold + 1));
    const used = new Set(
      record!.images.filter(({ split }) => split !== 'test').map(({ id }) => id),
    );
    expect(used.size).toBe(40 - ids.length);
    expect(ids.filter((id) => used.has(id))).toEqual([]);
  }

  interface Table {
    readonly rows: readonly {
      readonly key: string;
      readonly metrics: Readonly<Record<string, { readonly values: readonly number[] }>>;
      readonly outOfFold: { readonly pooled: object };
    }[];
  }
  const table = JSON.parse(readFileSync(join(folder, 'folds/table-last.json'), 'utf8')) as Table;
  expect(table.rows.map(({ key }) => key)).toEqual(['slow', 'fast']);
  expect(table.rows[0].outOfFold.pooled).toMatchObject({ findings, samples: 40 });
  for (const { key, metrics } of table.rows)
    for (const repeat of [1, 2]) {
      const { last } = (await readRun(runFolder(key, repeat))).metrics!;
      if (!('findings' in last)) throw new Error('the run has no findings');
      const valueOf = (name: string): number => metrics[name].values[repeat - 1];
      expect(valueOf('auc')).toBe(last.macro.auc.value);
      expect(valueOf('micro auc')).toBe(last.micro.auc.value);
      for (const { finding, auc } of last.perFinding)
        expect(valueOf(`auc of ${finding}`)).toBe(auc.value);
    }
  const page = readFileSync(join(folder, 'folds/report.html'), 'utf8');
  for (const finding of findings) {
    expect(stdout).toContain(finding);
    expect(page).toContain(finding);
  }
}, 600_000);
