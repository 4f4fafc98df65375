import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskPredictionsFromCsv } from '@nonlocal-med/metrics';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTestPredictions } from '../run/testPredictions.js';
import { combineExperiments } from './combineExperiments.js';
import { headlineWeights, outOfFold, writeOutOfFold } from './outOfFold.js';
import { type ExperimentRecord, readExperimentFolder } from './readExperimentFolder.js';

const root = await temporaryFolder('out-of-fold');
const write = async (
  name: string,
  options: Partial<Parameters<typeof writeSyntheticExperiment>[1]> = {},
): Promise<ExperimentRecord> => {
  const folder = join(root, name);
  await writeSyntheticExperiment(folder, {
    skills: { resnet18: 1 },
    kind: 'folds',
    complete: true,
    repeats: 3,
    images: 30,
    imagesPerPatient: 2,
    ...options,
  });
  return readExperimentFolder(folder);
};

let record: ExperimentRecord;
beforeAll(async () => {
  record = await write('folds');
});

describe('out-of-fold predictions', () => {
  it('have every image once, as its fold predicted it, with fold and patient', async () => {
    expect(await writeOutOfFold(record)).toEqual([
      'runs/resnet18/out-of-fold-last.csv',
      'runs/resnet18/out-of-fold-images.csv',
      'runs/resnet18/out-of-fold-selected.csv',
    ]);
    const file = join(record.path, 'runs/resnet18/out-of-fold-selected.csv');
    const pooled = taskPredictionsFromCsv(readFileSync(file, 'utf8'));
    const [header, ...lines] = readFileSync(
      join(record.path, 'runs/resnet18/out-of-fold-images.csv'),
      'utf8',
    )
      .trim()
      .split('\n');
    expect(header).toBe('id,fold,group');
    expect(new Set(pooled.ids).size).toBe(60);
    expect(pooled.ids).toHaveLength(60);
    const foldsOfPatient = new Map<string, Set<string>>();
    const patientLines = lines.map((line) => line.split(','));
    for (const [index, [id, fold, patient]] of patientLines.entries()) {
      expect(pooled.ids[index]).toBe(id);
      foldsOfPatient.set(patient, (foldsOfPatient.get(patient) ?? new Set()).add(fold));
    }
    expect(foldsOfPatient.size).toBe(30);
    for (const folds of foldsOfPatient.values()) expect(folds.size).toBe(1);
    for (const fold of [0, 1, 2]) {
      const run = await readTestPredictions(join(record.path, `runs/resnet18/${fold}`), 'selected');
      run.ids.forEach((id, i) => {
        const at = pooled.ids.indexOf(id);
        expect(patientLines[at][1]).toBe(String(fold + 1));
        expect(pooled.probabilities.subarray(3 * at, 3 * at + 3)).toEqual(
          run.probabilities.subarray(3 * i, 3 * i + 3),
        );
      });
    }
  });

  it('are missing with a reason', async () => {
    const reasonOf = (of: ExperimentRecord): unknown => outOfFold(of, 'resnet18', 'last');
    expect(reasonOf(await write('seeds', { kind: 'seeds', complete: false }))).toEqual({
      noneBecause: 'its repeats are seeds, not folds',
    });
    expect(reasonOf(await write('left', { unfinished: { 'resnet18/1': 'trained' } }))).toEqual({
      noneBecause: '2 of 3 folds are finished',
    });
    // Splits that share images, called folds: more than one prediction of an image.
    expect(reasonOf(await write('shared', { complete: false }))).toEqual({
      noneBecause: expect.stringMatching(
        /^its 3 folds test \d+ different images 90 times, and not each of 630 once$/,
      ) as string,
    });
    const unselected = await write('last', { selected: false });
    expect(outOfFold(unselected, 'resnet18', 'selected')).toEqual({
      noneBecause: 'not every fold has predictions of its selected weights',
    });
    expect([record, unselected].map(headlineWeights)).toEqual(['selected', 'last']);
  });
});

describe('combineExperiments', () => {
  it('makes cross-validations of one model the rows of one experiment', async () => {
    const other = await write('other', { skills: { 'resnet18-nla': 2 } });
    const { manifest, runs } = combineExperiments([record, other], ['a', 'b']);
    expect(manifest.rows.map(({ key, title, baseline }) => [key, title, baseline])).toEqual([
      ['1-resnet18', 'a', null],
      ['2-resnet18-nla', 'b', '1-resnet18'],
    ]);
    expect(runs.map(({ row, repeat }) => `${row} ${repeat}`)).toEqual([
      ...[0, 1, 2].map((repeat) => `1-resnet18 ${repeat}`),
      ...[0, 1, 2].map((repeat) => `2-resnet18-nla ${repeat}`),
    ]);
  });

  it('refuses several rows, other repeats and other test images', async () => {
    const two = await write('two', { skills: { resnet18: 1, 'resnet18-se': 1 } });
    expect(() => combineExperiments([record, two], ['a', 'b'])).toThrow(
      'two: has 2 trained rows, and experiments are compared with each other only where each has one',
    );
    const five = await write('five', { repeats: 5 });
    expect(() => combineExperiments([record, five], ['a', 'b'])).toThrow(
      'five: has 5 repeats of kind folds',
    );
    const images = await write('images', { images: 36 });
    expect(() => combineExperiments([record, images], ['a', 'b'])).toThrow(
      /of the 24 test images of fold 2, 18 are the same \(the same data set, the same number/,
    );
  });
});
