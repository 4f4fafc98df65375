import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { taskPredictionsFromCsv } from '@nonlocal-med/metrics';
import { temporaryFolder, writeSyntheticExperiment } from '@nonlocal-med/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { readTestPredictions } from '../run/testPredictions.js';
import { combineExperiments } from './combineExperiments.js';
import { headlineWeights, outOfFold, writeOutOfFold } from './outOfFold.js';
import { type ExperimentRecord, readExperimentFolder } from './readExperimentFolder.js';
import { repeatName, trainedRows } from './trainedRows.js';

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
      'runs/resnet18/out-of-fold-selected.csv',
      'runs/resnet18/out-of-fold-images.csv',
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

/** Makes the predictions of the runs those with flipped views, too, and the experiment one with `tta`. */
async function addViews(name: string): Promise<ExperimentRecord> {
  const { path, manifest, runs } = await write(name);
  for (const { folder } of runs)
    for (const weights of ['last', 'selected'])
      copyFileSync(
        join(path, folder, `predictions/test-${weights}.csv`),
        join(path, folder, `predictions/test-${weights}-flips.csv`),
      );
  writeFileSync(join(path, 'experiment.json'), JSON.stringify({ ...manifest, tta: 'flips' }));
  return readExperimentFolder(path);
}

describe('an experiment with test-time augmentation', () => {
  it('is that of its trained rows', async () => {
    const viewed = await addViews('viewed');
    expect(viewed.manifest.rows.map(({ key }) => key)).toEqual([
      'resnet18',
      'resnet18-flips',
      'hynet',
    ]);
    expect(trainedRows(viewed).map(({ key }) => key)).toEqual(['resnet18']);
    expect(headlineWeights(viewed)).toBe('selected');
    const { manifest, runs } = combineExperiments([viewed, record], ['a', 'b']);
    expect(manifest.rows.map(({ key }) => key)).toEqual(['1-resnet18', '2-resnet18']);
    expect(runs).toHaveLength(6);
    // A fold that is not tested yet has no predictions of views either.
    rmSync(join(viewed.path, 'runs/resnet18/1'), { recursive: true });
    const left = await readExperimentFolder(viewed.path);
    expect(trainedRows(left).map(({ key }) => key)).toEqual(['resnet18']);
  });

  it('has files of its views, which are removed with the others when a fold is missing', async () => {
    const { path } = await addViews('removed');
    const files = await writeOutOfFold(await readExperimentFolder(path));
    expect(files.map((file) => file.replace('runs/resnet18/out-of-fold-', ''))).toEqual([
      'last.csv',
      'selected.csv',
      'last-flips.csv',
      'selected-flips.csv',
      'images.csv',
    ]);
    rmSync(join(path, 'runs/resnet18/2/metrics.json'));
    expect(await writeOutOfFold(await readExperimentFolder(path))).toEqual([]);
    expect(readdirSync(join(path, 'runs/resnet18')).sort()).toEqual(['0', '1', '2']);
  });
});

describe('repeatName', () => {
  it('counts folds only where each repeat is one of them', () => {
    expect(repeatName({ kind: 'folds', count: 5, folds: 5 }, 4)).toBe('fold 5');
    expect(repeatName({ kind: 'folds', count: 10, folds: 5 }, 5)).toBe('repeat 6');
    expect(repeatName({ kind: 'folds', count: 20 }, 10)).toBe('repeat 11');
    expect(repeatName({ kind: 'seeds', count: 3 }, 0)).toBe('repeat 1');
  });
});

describe('combineExperiments', () => {
  it('makes cross-validations of one model the rows of one experiment', async () => {
    const other = await write('other', { skills: { 'resnet18-nla': 2 } });
    const { manifest, runs } = combineExperiments([record, other], ['a', 'b']);
    expect(manifest.caption).toBe('Comparison of a, b');
    expect(manifest.rows.map(({ key, title, baseline }) => [key, title, baseline])).toEqual([
      ['1-resnet18', 'a', null],
      ['2-resnet18-nla', 'b', '1-resnet18'],
    ]);
    expect(runs.map(({ row, repeat }) => `${row} ${repeat}`)).toEqual([
      ...[0, 1, 2].map((repeat) => `1-resnet18 ${repeat}`),
      ...[0, 1, 2].map((repeat) => `2-resnet18-nla ${repeat}`),
    ]);
  });

  it('leaves out rows that were never trained', async () => {
    const planned = await write('planned', {
      skills: { resnet18: 1, 'resnet18-se': 1 },
      unfinished: Object.fromEntries(
        [0, 1, 2].map((repeat) => [`resnet18-se/${repeat}`, 'missing' as const]),
      ),
    });
    expect(combineExperiments([record, planned], ['a', 'b']).manifest.rows).toHaveLength(2);
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
