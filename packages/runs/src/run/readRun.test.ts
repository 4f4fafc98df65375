import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { reportedMetric } from '@nonlocal-med/metrics';
import { syntheticPredictions, type SyntheticRun, writeSyntheticRun } from '@nonlocal-med/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { learningCurve } from './events.js';
import { readRun } from './readRun.js';
import { openRunFolder } from './runFolder.js';
import { readTestPredictions } from './testPredictions.js';

const root = mkdtempSync(join(tmpdir(), 'read-run-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function written(name: string, run: Partial<SyntheticRun> = {}): Promise<string> {
  const folder = join(root, name);
  await writeSyntheticRun(folder, { model: 'resnet18', skill: 1, ...run });
  return folder;
}

describe('readRun', () => {
  it('reads a finished run', async () => {
    const run = await readRun(await written('finished', { seed: 3 }));
    expect(run).toMatchObject({
      name: 'finished',
      state: 'finished',
      missing: [],
      config: { model: { name: 'resnet18' }, seed: 3 },
      environment: { data: { name: 'drawn' } },
    });
    expect(run.predictions.last).toEqual(syntheticPredictions({ skill: 1, seed: 3 }));
    expect(reportedMetric(run.metrics!.last, 'auc').value).toBeGreaterThan(0.5);
    expect(run.metrics?.selectedEpoch).toBe(2);
    expect(learningCurve(run.events).map(({ epoch, trainLoss }) => [epoch, trainLoss])).toEqual([
      [1, 1],
      [2, 1 / 2],
      [3, 1 / 3],
    ]);
    expect(run.events.map(({ type }) => type as string)).not.toContain('step');
  });

  it('reads the patient of each test image, with commas and quotes in its name', async () => {
    const folder = await written('patients', { imagesPerPatient: 3 });
    const { last, selected } = (await readRun(folder)).predictions;
    const synthetic = syntheticPredictions({ skill: 1, imagesPerPatient: 3 });
    expect(last!.groups).toEqual(synthetic.groups);
    expect(selected!.groups).toEqual(synthetic.groups);

    const groups = synthetic.ids.map((_, i) => (i % 2 === 0 ? 'Doe, "J."' : `patient ${i}`));
    await (await openRunFolder(folder)).writeTestPredictions('last', { ...synthetic, groups });
    expect((await readRun(folder)).predictions.last!.groups).toEqual(groups);
    expect((await readTestPredictions(folder, 'last')).groups).toEqual(groups);

    expect((await readRun(await written('no-patients'))).predictions.last).not.toHaveProperty(
      'groups',
    );
  });

  it('refuses predictions that are not those that the run wrote', async () => {
    const folder = await written('edited');
    const { metrics } = await readRun(folder);
    await (await openRunFolder(folder)).writeMetrics(metrics!);
    expect((await readRun(folder)).state).toBe('finished');
    await (
      await openRunFolder(folder)
    ).writeTestPredictions('last', syntheticPredictions({ skill: 3 }));
    await expect(readRun(folder)).rejects.toThrow(
      `${join(folder, 'predictions/test-last.csv')}: is not as the run wrote it: its hash is not the one in SHA256SUMS (restore the file, or let \`resume\` test the run again)`,
    );
  });

  it('reports a damaged list of patients with its lines', async () => {
    const folder = await written('damaged-patients', { imagesPerPatient: 3 });
    const file = join(folder, 'predictions/test-groups.csv');
    writeFileSync(file, 'id,group\na,p\na,q\nb\n');
    await expect(readRun(folder)).rejects.toThrow(
      /test-groups\.csv:3: id "a" is listed twice[\s\S]*test-groups\.csv:4: 1 fields/,
    );
    writeFileSync(file, 'image,patient\n');
    await expect(readRun(folder)).rejects.toThrow(/the header is "image,patient" \(id,group\)/);
  });

  it('expects no predictions of the best checkpoint without a validation set', async () => {
    expect(await readRun(await written('plain', { selected: false }))).toMatchObject({
      state: 'finished',
      missing: [],
      predictions: { selected: null },
    });
  });

  it('lists what an unfinished run lacks and skips an incomplete line', async () => {
    const run = await readRun(await written('begun', { until: 'interrupted' }));
    expect(run).toMatchObject({
      state: 'unfinished',
      metrics: null,
      missing: ['metrics.json is missing', 'predictions/test-last.csv is missing'],
    });
    expect(learningCurve(run.events)).toHaveLength(1);
  });

  it('keeps the last record of a repeated epoch', async () => {
    const folder = await written('repeated');
    appendFileSync(
      join(folder, 'events.jsonl'),
      '{"type":"epoch","epoch":3,"trainLoss":0.25,"best":false,"seconds":1,"time":2}\n',
    );
    expect(learningCurve((await readRun(folder)).events).at(-1)?.trainLoss).toBe(0.25);
  });

  it('reports every issue of every file', async () => {
    const folder = await written('faulty');
    writeFileSync(join(folder, 'config.yaml'), 'model: 3\n');
    writeFileSync(join(folder, 'metrics.json'), '{"split": "test"');
    writeFileSync(join(folder, 'predictions/test-last.csv'), 'id,truth,a,b\nx,c,0.5,0.5\n');
    appendFileSync(join(folder, 'events.jsonl'), 'oops\n');
    const error = await readRun(folder).catch((thrown: unknown) => thrown as InputError);
    expect(error).toBeInstanceOf(InputError);
    expect(
      (error as InputError).issues.map(
        ({ path, message }) => `${path.slice(folder.length + 1)} ${message}`,
      ),
    ).toEqual([
      expect.stringMatching(/^config\.yaml: model got 3$/),
      expect.stringMatching(/^events\.jsonl:9 got "oops"$/),
      expect.stringMatching(/^metrics\.json cannot be parsed: /),
      expect.stringMatching(/^predictions\/test-last\.csv:2 unknown truth "c"$/),
    ]);
  });

  it('refuses a folder that is not a run folder', async () => {
    mkdirSync(join(root, 'empty'));
    await expect(readRun(join(root, 'nowhere'))).rejects.toThrow(/nowhere: does not exist/);
    await expect(readRun(join(root, 'empty'))).rejects.toThrow(
      /empty: is not a run folder: none of config\.yaml, events\.jsonl, metrics\.json found/,
    );
  });
});
