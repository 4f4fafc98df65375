import { describe, expect, it } from 'vitest';
import { splitByGroup } from '../split/splitByGroup.js';
import { images, makeTree } from '../testing/imageTree.js';
import { openIssues } from '../testing/openIssues.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from './openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

const eyes = Array.from(
  { length: 20 },
  (_, i) => `${10 + Math.floor(i / 2)}_${i % 2 === 0 ? 'left' : 'right'}`,
);
const eyepacs = {
  'trainLabels.csv': `image,level\n${eyes.map((name, i) => `${name},${Math.floor(i / 4)}`).join('\n')}\n`,
  'sampleSubmission.csv': 'image,level\n1_left,0\n',
};

describe('EyePACS', () => {
  it.each(['train', 'images', 'resized_train/resized_train'])(
    'is recognized by trainLabels.csv, with images in %s/ and both eyes of a patient in one group',
    async (place) => {
      const dataset = await open(
        await makeTree({
          ...eyepacs,
          ...images(eyes.map((name) => `${place}/${name}.jpeg`)),
          'test/1_left.jpeg': { seed: 99 },
        }),
      );
      expect(dataset.classes).toEqual(['0', '1', '2', '3', '4']);
      expect(dataset.samples.slice(0, 3).map(({ id, group }) => [id, group])).toEqual([
        ['10_left.jpeg', '10'],
        ['10_right.jpeg', '10'],
        ['11_left.jpeg', '11'],
      ]);
      expect(dataset.notes).toEqual([
        'Read as EyePACS (Kaggle 2015) because of the name and columns of trainLabels.csv (kind: eyepacs).',
        'EyePACS (Kaggle 2015), grades 0 to 4: 4 / 4 / 4 / 4 / 4 images; published: 25,810 / 2,443 / 5,292 / 873 / 708; differs by -25,806 / -2,439 / -5,288 / -869 / -704.',
        `The manifest's images are in the folder ${place}/ next to it.`,
        'File names are eyes of 10 patients, such as 10_left.jpeg: both eyes stay in the same split (override with --group-column or --group-pattern).',
      ]);
      const { test, train } = splitByGroup(dataset.samples, { validation: 0, test: 0.5 });
      expect(
        test
          .map(({ group }) => group)
          .filter((group) => train.some((sample) => sample.group === group)),
      ).toEqual([]);
    },
  );

  it('is read by its kind, by its file, and with custom labels', async () => {
    const folder = await makeTree({
      ...eyepacs,
      ...images(eyes.map((name) => `train/${name}.jpeg`)),
    });
    const { fingerprint } = await open(folder);
    expect((await open(folder, { kind: 'eyepacs' })).fingerprint).toBe(fingerprint);
    expect((await open(`${folder}/trainLabels.csv`)).fingerprint).toBe(fingerprint);
    expect((await open(folder, { csv: 'trainLabels.csv' })).notes[0]).toContain('Read as EyePACS');
    expect(
      (
        await open(folder, { labelThresholds: [2], classes: ['not referable', 'referable'] })
      ).samples.map(({ label }) => label),
    ).toEqual([...new Array(8).fill(0), ...new Array(12).fill(1)]);
    expect((await open(folder, { groupPattern: '^\\d+_(left|right)' })).samples[0].group).toBe(
      'left',
    );
  });
});

describe('APTOS', () => {
  it('is recognized by train.csv, with images in train_images/', async () => {
    const names = ['000c1434d8d7', '001639a390f0', '0024cdab0c1e', '002c21358ce6'];
    const folder = await makeTree({
      'train.csv': `id_code,diagnosis\n${names.map((name, i) => `${name},${i}`).join('\n')}\n`,
      'test.csv': 'id_code\nx\n',
      ...images([...names.map((name) => `train_images/${name}.png`), 'test_images/x.png']),
    });
    const dataset = await open(folder);
    expect(
      Object.fromEntries(dataset.samples.map(({ id, label }) => [id, dataset.classes[label]])),
    ).toEqual(Object.fromEntries(names.map((name, i) => [`${name}.png`, String(i)])));
    expect(dataset.notes[0]).toBe(
      'Read as APTOS 2019 because of the name and columns of train.csv (kind: aptos).',
    );
    expect(dataset.samples.some(({ group }) => group !== undefined)).toBe(false);
    expect(await openIssues(folder, { kind: 'eyepacs' })).toEqual([
      'data.path: "<set>" contains no trainLabels.csv (name the manifest: --data FOLDER/FILE.csv)',
    ]);
    expect(await openIssues(folder, { kind: 'eyepacs', csv: 'train.csv' })).toEqual([
      'train.csv:1: there is no column "image" (--file-column) (known: id_code, diagnosis)',
      'train.csv:1: there is no column "level" (--label-column) (known: id_code, diagnosis)',
    ]);
  });
});

describe('file names of eyes in any manifest', () => {
  it('are grouped by patient only if all names have that form and some patient has two eyes', async () => {
    const read = async (names: readonly string[]): Promise<(string | undefined)[]> =>
      (
        await open(
          await makeTree({
            ...images(names.map((name) => `images/${name}.png`)),
            'labels.csv': `file,grade\n${names.map((name, i) => `${name}.png,${i % 2}`).join('\n')}`,
          }),
        )
      ).samples.map(({ group }) => group);
    expect(await read(['p1_left', 'p1_right', 'p2_LEFT'])).toEqual(['p1', 'p1', 'p2']);
    expect(await read(['1_left', '1_right', 'extra'])).toEqual([undefined, undefined, undefined]);
    expect(await read(['1_left', '2_left', '3_right'])).toEqual([undefined, undefined, undefined]);
  });
});
