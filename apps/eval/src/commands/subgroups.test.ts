import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '@nonlocal-med/core';
import {
  evaluatePredictions,
  evaluateSubgroups,
  parseSubgroupRules,
  type SubgroupsReport,
} from '@nonlocal-med/metrics';
import { parseRunConfig, startRun } from '@nonlocal-med/pipeline';
import { readTestPredictions } from '@nonlocal-med/runs';
import { imageFolder, temporaryFolder } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { printEval } from '../testing/runEval.js';

const folder = await temporaryFolder('subgroups');
const run = (...parameters: string[]): Promise<string> => printEval(folder, ...parameters);

/** A manifest of images, two per patient, whose patients have a sex and an age. */
async function writeManifest(name: string, images: number): Promise<void> {
  await imageFolder(join(folder, name), { images });
  const files = readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.png'))
    .sort();
  const rows = files.map((file, index) => {
    const patient = index >> 1;
    const sex = patient % 3 === 0 ? 'M' : 'F';
    return `${name}/${file},p${patient},${file.split('/')[0]},${sex},${20 + (patient % 50)}`;
  });
  writeFileSync(join(folder, `${name}.csv`), `file,patient,label,sex,age\n${rows.join('\n')}\n`);
}

beforeAll(async () => {
  await writeManifest('images', 80);
  await writeManifest('others', 120);
  const config = parseRunConfig({
    data: { path: join(folder, 'images.csv'), groupColumn: 'patient', cacheFolder: null },
    split: { test: 0.5, validation: 0 },
    preprocessing: { size: 48 },
    model: { name: 'resnet18' },
    training: { epochs: 1, batchSize: 8 },
    explanations: { images: 0 },
    loader: { workers: 0 },
  });
  await startRun(config, { folder: join(folder, 'run') });
});

describe('evaluate --by', () => {
  it('reports every metric of each group of the test set, with intervals and tests', async () => {
    const text = await run('evaluate', 'run', '--by', 'sex,age:0-40-100', '--json');
    const { subgroups } = JSON.parse(text) as { subgroups: SubgroupsReport };
    const predictions = await readTestPredictions(join(folder, 'run'));
    if ('findings' in predictions) throw new Error('expected classes');
    expect(subgroups).toEqual(
      JSON.parse(
        JSON.stringify(
          evaluateSubgroups(predictions, {
            by: parseSubgroupRules('sex,age:0-40-100'),
            bootstrap: { seed: 0 },
          }),
        ),
      ),
    );
    const [{ groups, reference }] = subgroups.divisions;
    expect(reference).toBe('F');
    const every = Object.keys(evaluatePredictions(predictions).metrics);
    const ofF = groups.find(({ name }) => name === 'F')!.metrics;
    const ofM = groups.find(({ name }) => name === 'M')!.metrics;
    for (const metric of every) {
      const at = ofF.findIndex((found) => found.metric === metric && found.of === null);
      expect(ofF[at], metric).toHaveProperty('value');
      expect(ofM[at].difference, metric).toBeDefined();
    }
    const tested = ofM.filter(({ difference }) => difference!.pValue !== null);
    expect(tested.length).toBeGreaterThan(0);
    expect(ofF.filter(({ interval }) => interval !== undefined).length).toBeGreaterThan(5);
  });

  it('shows the groups in 80 columns', async () => {
    const text = await run('evaluate', 'run', '--by', 'sex,sex+age:0-40-100');
    const [, shown] = text.split('Results by subgroup');
    expect(shown).toContain('AUC, sensitivity and specificity are those of some.');
    expect(shown).toMatch(/\nF +\d\.\d{3} .*\nn = \d+ \(\d+\) +reference +reference +reference\n/);
    const lines = text.split('\n').filter((line) => !line.startsWith('pnpm '));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('reports a model on another data set, and writes a file', async () => {
    const parameters = ['evaluate', 'run/model', '--data', 'others.csv'];
    const by = ['--group-column', 'patient', '--include-seen', '--by', 'sex', '--by-out', 'by.csv'];
    const text = await run(...parameters, ...by);
    expect(text).toMatch(/Results by subgroup \(95 % intervals, patients resampled\)/);
    const [header, ...rows] = parseCsv(readFileSync(join(folder, 'by.csv'), 'utf8')).map(
      ({ fields }) => fields,
    );
    const at = (row: readonly string[], name: string): string => row[header.indexOf(name)];
    const auc = rows.filter((row) => at(row, 'metric') === 'auc' && at(row, 'of') === '');
    expect(auc.map((row) => [at(row, 'group'), at(row, 'images'), at(row, 'patients')])).toEqual([
      ['all', '120', '60'],
      ['F', '80', '40'],
      ['M', '40', '20'],
    ]);
    expect(at(auc[2], 'test')).toBe('bootstrap');
    expect(Number(at(auc[2], 'p'))).toBeGreaterThan(0);
  });

  it('refuses attributes that the images do not have, and files of unknown formats', async () => {
    await expect(run('evaluate', 'run', '--by', 'scanner')).rejects.toThrow(
      'unknown attribute "scanner"',
    );
    await expect(run('evaluate', 'run', '--by', 'sex', '--by-out', 'by.txt')).rejects.toThrow(
      '--by-out: got "by.txt"',
    );
    await expect(run('evaluate', 'run', '--by-out', 'by.csv')).rejects.toThrow('only with --by');
  });
});
