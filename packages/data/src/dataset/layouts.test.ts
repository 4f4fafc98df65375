import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../testing/imageTree.js';
import { openIssues } from '../testing/openIssues.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from './openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });
const ids = ({ samples }: OpenedDataset): string[] => samples.map(({ id }) => id);

describe('patient folders', () => {
  const folders = images([
    'a/patient1/left.png',
    'a/patient1/right.png',
    'a/patient2/left.png',
    'b/patient3/left.png',
    'b/patient1/next.png',
  ]);

  it('are noted with the pattern that keeps each in one split, and the pattern works', async () => {
    const path = await makeTree(
      images([
        'a/anna/left.png',
        'a/anna/right.png',
        'a/bert/left.png',
        'b/carl/left.png',
        'b/anna/next.png',
      ]),
    );
    const { notes } = await open(path);
    const [, groupPattern] = /--group-pattern '(.*?)'/.exec(notes.join('\n'))!;
    expect(groupPattern).toBe('^[^/]+/([^/]+)/');
    const grouped = await open(path, { groupPattern });
    expect(grouped.samples.map(({ id, group }) => [id, group])).toEqual([
      ['a/anna/left.png', 'anna'],
      ['a/anna/right.png', 'anna'],
      ['a/bert/left.png', 'bert'],
      ['b/anna/next.png', 'anna'],
      ['b/carl/left.png', 'carl'],
    ]);
    expect(grouped.notes.join('\n')).not.toContain("--group-pattern '");
  });

  it('are one level deeper below the folders of a split', async () => {
    const path = await makeTree(
      images(['train/a/p1/1.png', 'train/b/p2/1.png', 'test/a/p3/1.png', 'test/b/p2/2.png']),
    );
    const [, groupPattern] = /--group-pattern '(.*?)'/.exec((await open(path)).notes.join('\n'))!;
    expect(await openIssues(path, { groupPattern })).toContain(
      'patient (group) "p2": is in training (train/b/p2/1.png) and test (test/b/p2/2.png)',
    );
  });

  it('are seen by a pattern without a slash if it matches no file name', async () => {
    const { samples, notes } = await open(await makeTree(folders), {
      groupPattern: '(patient\\d+)',
    });
    expect(new Set(samples.map(({ group }) => group))).toEqual(
      new Set(['patient1', 'patient2', 'patient3']),
    );
    expect(notes).toContain(
      '--group-pattern is applied to the paths of the images below the data set.',
    );
  });

  it('are not seen by a pattern that matches file names', async () => {
    const { samples } = await open(await makeTree(images(['p1/p7_1.png', 'p2/p7_2.png'])), {
      groupPattern: '(p\\d+)',
    });
    expect(samples.map(({ group }) => group)).toEqual(['p7', 'p7']);
  });
});

describe('patients with equal names in the folders of two classes', () => {
  const names = ['a/1_l.png', 'a/1_r.png', 'a/2_l.png', 'b/1_l.png', 'b/3_l.png'];

  it('are noted with the pattern that tells them apart, and the pattern works', async () => {
    const path = await makeTree(images(names));
    const { notes, samples } = await open(path, { groupPattern: '^(\\d+)_' });
    expect(samples.map(({ group }) => group)).toEqual(['1', '1', '2', '1', '3']);
    const note = notes.find((text) => text.includes('several classes'))!;
    expect(note).toContain('finds 1 patient with images');
    expect(note).toContain('such as 1 (a/1_l.png and b/1_l.png)');
    const [, groupPattern] = /\n--group-pattern '(.*?)'/.exec(note)!;
    const apart = await open(path, { groupPattern });
    expect(apart.samples.map(({ group }) => group)).toEqual(['a/1', 'a/1', 'a/2', 'b/1', 'b/3']);
    expect(apart.notes.join(' ')).not.toContain('several classes');
  });

  it('are not noted where each name is in one class', async () => {
    const path = await makeTree(images(['a/1_l.png', 'a/1_r.png', 'b/2_l.png', 'b/3_l.png']));
    const { notes } = await open(path, { groupPattern: '^(\\d+)_' });
    expect(notes.join(' ')).not.toContain('several classes');
  });

  it('are noted without a pattern where the folder cannot be captured', async () => {
    const { notes } = await open(await makeTree(images(['a/p1_1.png', 'b/p1_1.png'])), {
      groupPattern: '(p\\d+)_',
    });
    expect(notes.join(' ')).toContain('capture the folder as well');
  });
});

describe('masks', () => {
  it('in a folder beside the classes are not a class', async () => {
    const dataset = await open(
      await makeTree(images(['a/1.png', 'b/2.png', 'masks/1.png', 'masks/2.png'])),
    );
    expect(dataset.classes).toEqual(['a', 'b']);
    expect(ids(dataset)).toEqual(['a/1.png', 'b/2.png']);
    expect(dataset.notes).toContain('Mask folders are not read as images: masks.');
  });

  it('in a folder named after a class are not one, either', async () => {
    const dataset = await open(
      await makeTree(images(['a/1.png', 'a_masks/1_mask.png', 'b/2.png', 'b_masks/2_mask.png'])),
    );
    expect(dataset.classes).toEqual(['a', 'b']);
    expect(dataset.notes).toContain('Mask folders are not read as images: a_masks, b_masks.');
  });

  it('beside their images are not read as images', async () => {
    const dataset = await open(
      await makeTree(
        images([
          'benign/benign (1).png',
          'benign/benign (1)_mask.png',
          'benign/benign (1)_mask_1.png',
          'normal/normal (1).png',
          'normal/face_mask.png',
        ]),
      ),
    );
    expect(ids(dataset)).toEqual([
      'benign/benign (1).png',
      'normal/face_mask.png',
      'normal/normal (1).png',
    ]);
    expect(dataset.notes).toContain(
      '2 masks beside their images are not read as images: benign/benign (1)_mask.png, benign/benign (1)_mask_1.png.',
    );
  });

  it.each([
    ['mask', 'no mask'],
    ['with_mask', 'without_mask'],
    ['a', 'mask'],
  ])('may be classes: %s and %s', async (first, second) => {
    const shared = first === 'a' ? '2.png' : '1.png';
    const { classes } = await open(
      await makeTree(images([`${first}/1.png`, `${second}/${shared}`])),
    );
    expect(classes).toEqual([first, second]);
  });
});

describe('loose images', () => {
  it('beside the class folders are left out with their number and names', async () => {
    const { notes, samples } = await open(
      await makeTree(images(['a/1.png', 'b/2.png', 'x.png', 'y.bmp'])),
    );
    expect(samples).toHaveLength(2);
    expect(notes).toContain(
      '2 images outside of the class folders are left out, because their classes are not known: x.png, y.bmp.',
    );
  });
});

describe('ChestX-ray14', () => {
  const files = [
    'images_001/images/1_000.png',
    'images_002/images/2_000.png',
    'images_002/images/2_001.png',
  ];
  const table =
    'Image Index,Finding Labels,Patient ID\n1_000.png,Effusion,1\n2_000.png,No Finding,2\n';

  it('is read: bare names in a table, images in several folders', async () => {
    const path = await makeTree({
      ...images(files),
      'Data_Entry_2017.csv': `${table}2_001.png,Effusion|Mass,2\n`,
    });
    const { samples, classes, notes } = await open(path, { task: 'multiclass' });
    expect(samples.map(({ id, label, group }) => [id, classes[label], group])).toEqual([
      ['images_001/images/1_000.png', 'Effusion', '1'],
      ['images_002/images/2_000.png', 'No Finding', '2'],
      ['images_002/images/2_001.png', 'Effusion|Mass', '2'],
    ]);
    expect(notes[0]).toBe(
      `3 images of the manifest were found by name in the folders below ${path}.`,
    );
    expect(notes.join('\n')).toContain(
      '1 label names several findings, and each combination is a separate class, such as "Effusion|Mass"',
    );
  });

  it('is refused if a name is there twice or not at all', async () => {
    const path = await makeTree({
      ...images([...files, 'images_001/images/2_000.png']),
      'Data_Entry_2017.csv': `${table}3_000.png,Effusion,3\n`,
    });
    expect((await openIssues(path)).slice(0, 2)).toEqual([
      'Data_Entry_2017.csv:3: image "2_000.png" is ambiguous: images_001/images/2_000.png, images_002/images/2_000.png (use the full name)',
      'Data_Entry_2017.csv:4: image "3_000.png" does not exist (searched in <set>)',
    ]);
  });
});
