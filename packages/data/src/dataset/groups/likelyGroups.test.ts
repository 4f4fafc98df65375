import { createHash } from 'node:crypto';
import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { splitByGroup } from '../../split/splitByGroup.js';
import { images, makeTree } from '../../testing/imageTree.js';
import { describeDataset } from '../describeDataset.js';
import { openDataset } from '../openDataset.js';
import { describeLikelyGroups, findLikelyGroups, type LikelyGroups } from './likelyGroups.js';

const find = (paths: readonly string[], classes = 2): LikelyGroups | undefined =>
  findLikelyGroups(
    paths.map((id, index) => ({
      id,
      file: `/data/${id}`,
      issuePath: id,
      className: `class ${index % classes}`,
      facts: { hash: String(index) },
    })),
  );
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const padded = (value: number, length: number): string => String(value).padStart(length, '0');

/** 60 images of 24 patients: 1 to 4 each. */
const VISITS = times(24, (patient) =>
  times(1 + (patient % 4), (visit) => ({ patient, visit })),
).flat();

describe('findLikelyGroups', () => {
  it.each([
    [
      'NIH',
      ({ patient, visit }) => `${padded(61 + 7 * patient, 8)}_${padded(visit, 3)}.png`,
      '^(\\d{8})_\\d{3}',
    ],
    [
      'EyePACS',
      ({ patient, visit }) => `${patient + 10}_${['left', 'right', 'left2', 'right2'][visit]}.jpeg`,
      '^(\\d+)_(?:left|right)',
    ],
    [
      'pediatric X-rays',
      ({ patient, visit }) =>
        `person${patient + 1}_${visit > 1 ? 'virus' : 'bacteria'}_${10 * patient + visit}.jpeg`,
      '^(person\\d+|(?:NORMAL2-)?IM-\\d+)[_-]',
    ],
    [
      'OCT',
      ({ patient, visit }) => `DRUSEN-${10_000 + 13 * patient}-${visit + 1}.jpeg`,
      '^(?:CNV|DME|DRUSEN|NORMAL|BACTERIA|VIRUS)-(\\d+)-\\d+',
    ],
    [
      'BreaKHis',
      ({ patient, visit }) => `SOB_B_A-14-${22_000 + patient}AB-40-${padded(visit, 3)}.png`,
      '^SOB_[BM]_[A-Z]+-\\d+-([^-]+)-',
    ],
    [
      'a word for a person',
      ({ patient, visit }) => `scan of Subject-${patient} at ${visit}.tif`,
      '(Subject-\\d+)',
    ],
    [
      'sides',
      ({ patient, visit }) =>
        `Image_${padded(patient, 2)}${'LR'[visit % 2]}${visit > 1 ? '_2' : ''}.jpg`,
      '^(.*\\d)[-_ ]?(?:[Ll]eft|[Rr]ight|LEFT|RIGHT|O[DS]|o[ds]|[LR])(?![A-Za-z0-9])',
    ],
    ['number_index', ({ patient, visit }) => `${100 + patient}_${visit}.png`, '^(\\d{3})_'],
    [
      'constant-stem-index',
      ({ patient, visit }) => `fundus-${patient}-${visit}.png`,
      '^([^-]+-\\d+)-',
    ],
    [
      'tiles of a scan',
      ({ patient, visit }) =>
        `${8863 + patient * 211}_idx5_x${visit * 50}_y${visit * 100}_class0.png`,
      '^(\\d+)_',
    ],
    [
      'hashed patients',
      ({ patient, visit }) =>
        `${createHash('sha256').update(String(patient)).digest('hex').slice(0, 10)}_${visit}.png`,
      '^([^_]+)_',
    ],
    [
      'panels of figures',
      ({ patient, visit }) => `kjr${patient}${'abcd'[visit]}.jpg`,
      '^(.*\\d)[a-h]\\.',
    ],
    [
      'augmented copies',
      ({ patient, visit }) =>
        `eye${patient}_png.rf.${createHash('sha256').update(`${patient} ${visit}`).digest('hex').slice(0, 32)}.jpg`,
      '^(.+?)_(?:jpe?g|png)\\.rf\\.',
    ],
  ] as const satisfies readonly (readonly [
    string,
    (visit: (typeof VISITS)[number]) => string,
    string,
  ])[])('finds the patients in names of %s', (_, name, pattern) => {
    const likely = find(
      VISITS.map((visit) => `a/${name(visit)}`),
      1,
    );
    expect(likely?.pattern).toBe(pattern);
    expect(likely).toMatchObject({ matched: 60, groups: 24, largest: 4, sharing: 54 });
  });

  it('joins the slices and figures of an article in names of COVID-CT', () => {
    const names = times(20, (article) => [
      `2020.02.${article}.20021584-p6-${article}%0.png`,
      `2020.02.${article}.20021584-p6-${article}%1.png`,
      `2020.02.${article}.20021584-p7-99.png`,
      `PIIS01406736203${article}%8.png`,
      `${article}.jpg`,
      `${article}%2.jpg`,
    ]).flat();
    const likely = find(
      names.map((name) => `CT/${name}`),
      1,
    )!;
    expect(likely.groups).toBe(60);
    expect(likely.groupOf.get('CT/2020.02.3.20021584-p6-3%1.png')).toBe('2020.02.3.20021584');
    expect(likely.groupOf.get('CT/7.jpg')).toBe(likely.groupOf.get('CT/7%2.jpg'));
  });

  const random = createRandom(1, 'names');
  const hex = (length: number): string =>
    times(length, () => '0123456789abcdef'[random.integer(16)]).join('');
  it.each([
    ['running numbers', (i) => `${i}.png`],
    ['padded running numbers', (i) => `${padded(i, 6)}.jpg`],
    ['a stem and a running number', (i) => `IMG_${padded(i, 4)}.jpg`],
    ['a class and a running number', (i) => `${['COVID', 'Viral Pneumonia'][i % 2]}-${i}.png`],
    ['copies in Windows', (i) => `image (${i}).png`],
    ['several words and a running number', (i) => `chest_x-ray_of_the_lung_${i}.png`],
    ['a label and a running number', (i) => `${i % 2}_${i}.png`],
    ['a running number and a label', (i) => `${i}_${'ABCDEFGH'[i % 8]}.png`],
    ['hospitals and a running number', (i) => `site${i % 4}_${padded(i, 5)}.png`],
    ['ISIC', (i) => `ISIC_${padded(24_306 + i, 7)}.jpg`],
    ['MESSIDOR', (i) => `200510${padded(1 + (i % 28), 2)}_${43_808 + 17 * i}_0100_PP.tif`],
    ['days and times', (i) => `IMG_202003${padded(1 + (i % 28), 2)}_${padded(i * 37, 6)}.jpg`],
    ['days with hyphens', (i) => `2020-03-${padded(1 + (i % 28), 2)} at ${padded(i, 4)}.jpg`],
    ['SHA-256', (i) => `${createHash('sha256').update(String(i)).digest('hex')}.png`],
    ['UUIDs', () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}.jpg`],
    ['hashes in parts', () => `${hex(4)}-${hex(4)}-${hex(4)}.jpg`],
    ['hashes with an underscore', () => `${hex(12)}_${hex(12)}.jpg`],
    ['one image per patient', (i) => `patient${i}_1.png`],
    ['one image per NIH patient', (i) => `${padded(i, 8)}_000.png`],
  ] as const satisfies readonly (readonly [string, (index: number) => string])[])(
    'finds none in %s',
    (_, name) => {
      for (const count of [20, 300, 2000])
        expect(find(times(count, (i) => `class ${i % 2}/${name(i)}`))?.pattern).toBeUndefined();
    },
  );
});

describe('describeLikelyGroups', () => {
  it('counts the test images whose patient is in another set, and shows the option', async () => {
    const path = await makeTree(
      images(
        VISITS.map(
          ({ patient, visit }) => `${patient % 2 ? 'b' : 'a'}/${padded(patient, 8)}_00${visit}.png`,
        ),
      ),
    );
    const options = { path, cacheFolder: null, workers: 0 };
    const dataset = await openDataset(options);
    expect(dataset.notes.join(' ')).not.toContain('its own group');
    const splitOptions = { test: 0.2, validation: 0.2, seed: 3 };
    const split = splitByGroup(dataset.samples, { ...splitOptions, classes: dataset.classes });
    const patient = ({ id }: { id: string }): string => id.slice(0, 10);
    const seen = new Set([...split.train, ...split.validation].map(patient));
    const shared = split.test.filter((sample) => seen.has(patient(sample))).length;
    expect(shared).toBeGreaterThan(3);

    const { likelyGroups } = describeDataset(dataset, splitOptions);
    expect(likelyGroups).toMatchObject({ testImages: shared, groups: 24, largest: 4 });
    expect(likelyGroups?.option).toBe("--group-pattern '^(\\d{8})_\\d{3}'");
    expect(likelyGroups?.message).toBe(
      `File names have the form of NIH ChestX-ray14 (patient_follow-up), such as 00000002_000.png and 00000002_001.png. If so, there are 24 groups, the largest with 4 images. In this split, ${shared} of ${split.test.length} test images likely show a patient who is also in the training or validation set. To keep each patient in one split:`,
    );

    // The pattern does what the message says, and silences it.
    const grouped = await openDataset({ ...options, groupPattern: likelyGroups!.pattern });
    const description = describeDataset(grouped, splitOptions);
    expect(description.groups.count).toBe(24);
    expect(description.likelyGroups).toBeUndefined();
    const silenced = await openDataset({ ...options, groupPattern: '(.*)' });
    expect(describeDataset(silenced, splitOptions).likelyGroups).toBeUndefined();
  });

  it('is the only advice on groups, also where images are in folders within those of the classes', async () => {
    const names = ['1/study1/a', '1/study2/b', '2/study1/a', '3/study1/a'];
    const path = await makeTree(
      images(
        ['x', 'y'].flatMap((name) =>
          names.map((rest) => `${name}/patient${name === 'x' ? 1 : 2}${rest}.png`),
        ),
      ),
    );
    const { notes, likelyGroups } = await openDataset({ path, cacheFolder: null, workers: 0 });
    expect(likelyGroups?.pattern).toBe('(patient\\d+)/study\\d+');
    expect(notes.join(' ')).toContain('images in folders within them');
    expect(notes.join(' ')).not.toContain('--group-pattern');
  });

  it('says how to check a given split for them', async () => {
    const names = ['0_0', '0_1', '1_0', '1_1', '2_0', '2_1', '3_0', '3_1'].map(
      (name) => `0000000${name.replace('_', '_00')}.png`,
    );
    const path = await makeTree({
      ...images(names),
      'labels.csv': [
        'file,label,split',
        ...names.map((name, i) => `${name},${i < 4 ? 'a' : 'b'},${i % 2 === 0 ? 'train' : 'test'}`),
      ].join('\n'),
    });
    const options = { path, workers: 0, cacheFolder: null };
    const { likelyGroups } = describeDataset(await openDataset(options), {});
    expect(likelyGroups?.message).toMatch(
      /In this split, 4 of 4 test images likely show a patient who is also in the training or validation set\. To check the given split for them:$/,
    );
    // The pattern does what the message says.
    await expect(openDataset({ ...options, groupPattern: likelyGroups!.pattern })).rejects.toThrow(
      /4 patients/,
    );
  });

  it('says of tested images that intervals are too narrow', () => {
    const names = ['1_000', '1_001', '2_000', '3_000'].map((name) => `a/0000000${name}.png`);
    const { message } = describeLikelyGroups(find(names)!, { images: 4, isTest: true });
    expect(message).toMatch(
      /2 images likely show a patient of another image, so the intervals are too narrow\. To resample patients instead of images:$/,
    );
  });

  it('says without a split what could be torn apart', () => {
    const likely = find([
      'a/00000001_000.png',
      'a/00000001_001.png',
      'a/x.png',
      'b/00000002_000.png',
    ])!;
    expect(describeLikelyGroups(likely, { images: 4 })).toMatchObject({
      testImages: null,
      groups: 3,
      message:
        '3 of 4 file names have the form of NIH ChestX-ray14 (patient_follow-up), such as 00000001_000.png and 00000001_001.png. If so, there are 3 groups, the largest with 2 images. 2 images likely show a patient of another image, and nothing keeps them in one split. To keep each patient in one split:',
    });
  });
});
