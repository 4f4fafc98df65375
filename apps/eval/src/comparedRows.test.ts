import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { predictionsToCsv, reportedMetric } from '@nonlocal-med/metrics';
import { syntheticPredictions, temporaryFolder, writeSyntheticRun } from '@nonlocal-med/testing';
import { describe, expect, it } from 'vitest';
import { experimentOf, readOperands, readRows } from './comparedRows.js';

const root = await temporaryFolder('compared');
const run = join(root, 'run');
const file = (name: string, text: string): string => {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
};
await writeSyntheticRun(run, { model: 'resnet18', skill: 1 });
const predictions = syntheticPredictions({ skill: 2, seed: 5 });
const vendor = file('vendor.csv', predictionsToCsv(predictions));

describe('arguments of compare', () => {
  it('are folders, files, named files, and files of readers', async () => {
    const odd = file('a=b.csv', 'id');
    const texts = [run, vendor, `Vendor 2=${vendor}`, `Readers=${vendor},${odd}`, odd];
    expect(await readOperands(texts)).toEqual([
      { folder: run, isExperiment: false },
      { source: { name: 'vendor', files: [vendor] } },
      { source: { name: 'Vendor 2', files: [vendor] } },
      { source: { name: 'Readers', files: [vendor, odd] } },
      { source: { name: 'a=b', files: [odd] } },
    ]);
  });

  it('become rows in their order, judged on the test images of the run', async () => {
    const rows = await readRows(await readOperands([vendor, run]), {});
    expect(rows.map(({ name }) => name)).toEqual(['vendor', 'run']);
    expect(rows[0].predictions.last!.probabilities).toEqual(predictions.probabilities);
    expect(reportedMetric(rows[0].metrics!.last, 'auc').interval).toBeDefined();
  });

  it('may be files alone, if the first has the true classes', async () => {
    const rows = await readRows(await readOperands([vendor, `again=${vendor}`]), {});
    expect(rows.map(({ name, metrics }) => [name, metrics!.last.samples])).toEqual([
      ['vendor', 60],
      ['again', 60],
    ]);
  });

  it('are compared on common images where the user allows it', async () => {
    const text = predictionsToCsv(predictions).split('\n').slice(0, 31).join('\n');
    const operands = await readOperands([run, file('half.csv', text)]);
    await expect(readRows(operands, {})).rejects.toThrow('lacks 30 of the 60 test images');
    const rows = await readRows(operands, { common: true });
    expect(rows.map(({ metrics }) => metrics!.last.samples)).toEqual([30, 30]);
    expect(rows.map(({ metrics }) => metrics!.images.test)).toEqual([30, 30]);
  });

  it('have an ensemble only of several runs, and one experiment only', async () => {
    await expect(readRows(await readOperands([run]), { ensembles: true })).rejects.toThrow(
      '--ensembles: got one run (two or more runs, or an experiment)',
    );
    expect(() =>
      experimentOf([
        { folder: 'experiment', isExperiment: true },
        { folder: 'run', isExperiment: false },
      ]),
    ).toThrow('an experiment cannot be combined with runs');
  });
});
