import { join } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../testing/imageTree.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset } from './openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): ReturnType<typeof openDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

async function issuesOf(path: string, options: Partial<DataOptions> = {}): Promise<string[]> {
  try {
    await open(path, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map(({ path: where, message: what, hint: allowed }) =>
      `${where}: ${what} (${allowed})`.replaceAll(path, '<set>'),
    );
  }
  throw new Error('There was no issue.');
}

const four = images([
  'images/10_left.jpg',
  'images/10_right.jpg',
  'images/9_left.jpg',
  'images/9_right.jpg',
]);
const eyes = (rows: readonly string[]): Record<string, unknown> => ({
  ...four,
  'labels.csv': ['file,patient,eye,grade', ...rows].join('\n'),
});
const good = [
  '10_left.jpg,10,left,0',
  '10_right.jpg,10,right,2',
  '9_left.jpg,9,left,0',
  '9_right.jpg,9,right,1',
];
const tree = (files: Record<string, unknown>): Promise<string> =>
  makeTree(files as Parameters<typeof makeTree>[0]);

describe('openDataset on a CSV manifest', () => {
  it('detects the manifest, its columns and its images, and reports it', async () => {
    const folder = await tree(eyes(good));
    const dataset = await open(folder);
    expect(dataset.classes).toEqual(['0', '1', '2']);
    expect(dataset.samples.map(({ id, label, group }) => [id, label, group])).toEqual([
      ['9_left.jpg', 0, '9'],
      ['9_right.jpg', 1, '9'],
      ['10_left.jpg', 0, '10'],
      ['10_right.jpg', 2, '10'],
    ]);
    expect(dataset.samples[0].file).toBe(join(folder, 'images/9_left.jpg'));
    expect(dataset.notes).toEqual([
      "The manifest's images are in the folder images/ next to it.",
      `Images with the same "patient" stay in the same split (recognized by the column's name; --group-column selects another).`,
    ]);
    expect(await open(join(folder, 'labels.csv'))).toEqual(dataset);
    expect(
      await open(folder, {
        kind: 'csv',
        csv: 'labels.csv',
        images: 'images',
        fileColumn: 'file',
        labelColumn: 'grade',
      }),
    ).toMatchObject({ fingerprint: dataset.fingerprint });
  });

  it('gives the same data set for any order of lines', async () => {
    const [a, b] = [
      await open(await tree(eyes(good))),
      await open(await tree(eyes([...good].reverse()))),
    ];
    expect(b.samples.map(({ id }) => id)).toEqual(a.samples.map(({ id }) => id));
    expect(b.fingerprint).toBe(a.fingerprint);
  });

  it('divides grades into two classes by thresholds or by a map with ranges', async () => {
    const folder = await tree(eyes(good));
    const limits = await open(folder, { labelThresholds: [1] });
    expect([limits.classes, limits.samples.map(({ label }) => label)]).toEqual([
      ['below 1', '1 and above'],
      [0, 1, 0, 1],
    ]);
    const map = await open(folder, { labelMap: { 0: 'no-dr', '1..4': 'dr' } });
    expect([map.classes, map.samples.map(({ label }) => label)]).toEqual([
      ['no-dr', 'dr'],
      [0, 1, 0, 1],
    ]);
    const named = await open(folder, {
      labelThresholds: [1, 2],
      classes: ['none', 'mild', 'referable'],
    });
    expect([named.classes, named.samples.map(({ label }) => label)]).toEqual([
      ['none', 'mild', 'referable'],
      [0, 1, 0, 2],
    ]);
    const swapped = await open(folder, {
      labelMap: { 0: 'no-dr', '1..4': 'dr' },
      classes: ['dr', 'no-dr'],
    });
    expect(swapped.samples.map(({ label }) => label)).toEqual([1, 0, 1, 0]);
    expect(await issuesOf(folder, { labelMap: { 0: 'no-dr', 1: 'dr' } })).toEqual([
      'labels.csv:3 (10_right.jpg): label "2" is not in labelMap (1 image) (known: 0, 1)',
    ]);
  });

  it.each([
    [
      'byte order mark, CRLF, quotes',
      '\uFEFFfile,grade\r\n"10_left.jpg","0"\r\n"9_left.jpg",1\r\n',
    ],
    ['semicolons', 'file;grade\n10_left.jpg;0\n9_left.jpg;1\n'],
    ['tabs and other names', 'Image ID\tDiagnosis\n10_left.jpg\t0\n9_left.jpg\t1'],
    [
      'blank lines, spaces, backslashes, a comma in quotes',
      '\nfile,grade,remark\n\nimages\\10_left.jpg , 0 ,"a, b"\n ./images/9_left.jpg,1,\n\n',
    ],
    ['names without an ending', 'id_code,level\n10_left,0\n9_left,1'],
  ])('reads %s', async (_, text) => {
    const { samples } = await open(await tree({ ...four, 'labels.csv': text }));
    expect(samples.map(({ file, label }) => [file.split('/').at(-1), label])).toEqual([
      ['9_left.jpg', 1],
      ['10_left.jpg', 0],
    ]);
  });

  it('reports a missing column and suggests one', async () => {
    const folder = await tree(eyes(good));
    expect(await issuesOf(folder, { labelColumn: 'grad', groupColumn: 'patience' })).toEqual([
      'labels.csv:1: there is no column "grad" (--label-column) (did you mean "grade"? known: file, patient, eye, grade)',
      'labels.csv:1: there is no column "patience" (--group-column) (did you mean "patient"? known: file, patient, eye, grade)',
    ]);
    expect(await issuesOf(await tree({ ...four, 'a.csv': 'photo,severity\nx,1' }))).toEqual([
      'a.csv:1: no column is recognized as the file (columns: photo, severity) (name it with --file-column)',
      'a.csv:1: no column is recognized as the label (columns: photo, severity) (name it with --label-column)',
    ]);
    expect(await issuesOf(await tree({ ...four, 'a.csv': 'file,grade,label\nx,1,2' }))).toEqual([
      'a.csv:1: several columns could be the label: "grade", "label" (name one with --label-column)',
    ]);
  });

  it('reports every invalid line with its number, and bad images, together', async () => {
    const folder = await tree({
      ...eyes([
        ...good,
        'gone.jpg,11,left,1',
        '9_left.jpg,9,left,0',
        '9_right.jpg,9,right,0',
        ',12,left,1',
        'text.jpg,13,left,1',
        'x.jpg,14,left,',
        '10_left.jpg,10',
        'y.jpg,,left,1',
      ]),
      'images/text.jpg': 'text',
      'images/x.jpg': { seed: 30 },
      'images/y.jpg': { seed: 31 },
    });
    expect(await issuesOf(folder)).toEqual([
      'labels.csv:12: has 2 fields, but the header has 4 (undefined)',
      'labels.csv:6: image "gone.jpg" does not exist (searched in <set>/images)',
      'labels.csv:9: no image file is given (every line must name an image)',
      'labels.csv:11: the label of "x.jpg" is empty (add one, or remove the line)',
      'labels.csv:13: the group of "y.jpg" is empty (add one, so that it is known which images belong together)',
      'labels.csv:7 (9_left.jpg): the image is listed twice with the same label "0"; first in labels.csv:4 (one line per image)',
      'labels.csv:8 (9_right.jpg): the image is listed twice with different labels "1" and "0"; first in labels.csv:5 (one line per image)',
      expect.stringMatching(
        /^labels\.csv:10 \(text\.jpg\): the image cannot be used: .*\(repair it, remove it, or leave it out with --on-bad-image skip\)$/,
      ),
    ]);
  });

  it('does not mistake a column of names for labels', async () => {
    const many = Array.from({ length: 60 }, (_, i) => `${i}.png`);
    const folder = await tree({
      ...images(many),
      'all.csv': ['file,remark', ...many.map((name) => `${name},remark ${name}`)].join('\n'),
    });
    expect(await issuesOf(folder, { labelColumn: 'remark' })).toEqual([
      '<set>: has 60 classes for 60 images, such as "remark 0.png" and "remark 1.png" (choose another --label-column, or merge labels with --label-map or data.labelThresholds)',
    ]);
  });

  it('reports copies of an image in different classes by their lines', async () => {
    const folder = await tree({
      ...eyes([...good, 'copy.jpg,20,left,2']),
      'images/copy.jpg': four['images/9_left.jpg'],
    });
    expect(await issuesOf(folder)).toEqual([
      'labels.csv:4 (9_left.jpg): the same image is in "0" and as labels.csv:6 (copy.jpg) in "2" (an image belongs to one class: remove the wrong ones)',
    ]);
  });

  it('reports issues of the file itself', async () => {
    expect(await issuesOf(await tree({ 'a.csv': '' }))).toEqual([
      'a.csv: is empty (a header line and one line per image)',
    ]);
    expect(await issuesOf(await tree({ 'a.csv': 'file,grade\n' }))).toEqual([
      'a.csv: has a header but no rows (a header line and one line per image)',
    ]);
    expect(await issuesOf(await tree({ 'a.csv': 'file,grade,file\nx,1,y' }))).toEqual([
      'a.csv:1: duplicate column "file" (undefined)',
    ]);
    expect((await issuesOf(await tree({ 'a.csv': 'file,grade\n"x,1\ny,2\n' })))[0]).toMatch(
      /^a\.csv:\d+: is not valid CSV: a quotation mark/,
    );
    const folder = await tree({ ...eyes(good) });
    expect(await issuesOf(folder, { csv: 'other.csv' })).toEqual([
      '<set>/other.csv: there is no such file (undefined)',
    ]);
    expect(await issuesOf(folder, { images: 'pictures' })).toEqual([
      'data.images: no such folder: "pictures" (relative to <set>)',
    ]);
  });

  it('asks for the kind if a folder is ambiguous', async () => {
    const both = await tree({ 'labels.csv': 'file,grade', ...images(['a/1.png', 'b/1.png']) });
    expect(await issuesOf(both)).toEqual([
      'data.path: "<set>" contains 1 CSV file (labels.csv) and 2 folders (--kind folder reads one folder per class; --data FOLDER/FILE.csv names the manifest)',
    ]);
    expect((await open(both, { kind: 'folder' })).classes).toEqual(['a', 'b']);
    const two = await tree({ 'train.csv': 'x', 'test.csv': 'x', ...four });
    expect(await issuesOf(two)).toEqual([
      'data.path: "<set>" contains 2 CSV files (test.csv, train.csv) and 1 folder (--kind folder reads one folder per class; --data FOLDER/FILE.csv names the manifest)',
    ]);
    expect(await issuesOf(two, { kind: 'csv' })).toEqual([
      'data.path: "<set>" contains 2 CSV files (test.csv, train.csv) and 1 folder (name the manifest: --data FOLDER/FILE.csv)',
    ]);
    const endings = await tree({ 'a.csv': 'file,grade\n1,0\n', ...images(['1.png', '1.jpg']) });
    expect((await issuesOf(endings))[0]).toMatch(
      /^a\.csv:2: image "1" is ambiguous: 1\.(png, 1\.jpg|jpg, 1\.png) \(use the full name\)$/,
    );
  });

  it('finds lesion masks, and reports missing ones', async () => {
    const folder = await tree({
      ...four,
      'masks/9_left.png': { seed: 90 },
      'labels.csv':
        'file,grade,mask\nimages/9_left.jpg,0,masks/9_left.png\nimages/10_left.jpg,1,\n',
    });
    const { samples, notes } = await open(folder);
    expect(samples.map(({ mask }) => mask)).toEqual(
      [undefined, join(folder, 'masks/9_left.png')].reverse(),
    );
    expect(notes[0]).toBe('Lesion masks are read from the column "mask".');
    const wrong = await tree({
      ...four,
      'masks/1.png': { seed: 90, width: 10 },
      'masks/2.png': 'text',
      'labels.csv':
        'file,grade,mask\nimages/9_left.jpg,0,masks/1.png\nimages/10_left.jpg,1,masks/2.png\n',
    });
    expect(await issuesOf(wrong)).toEqual([
      'labels.csv:2 (images/9_left.jpg): the mask "<set>/masks/1.png" has 10 x 16 pixels (the same size as its image: 24 x 16)',
      expect.stringMatching(
        /^labels\.csv:3 \(images\/10_left\.jpg\): the mask "<set>\/masks\/2\.png" cannot be used: .* \(repair it, or remove it from the manifest\)$/,
      ),
    ]);
    const missing = await tree({
      ...four,
      'labels.csv':
        'file,grade,outline\nimages/9_left.jpg,0,masks/9_left.png\nimages/10_left.jpg,1,\n',
    });
    expect(await issuesOf(missing, { maskColumn: 'outline' })).toContain(
      'labels.csv:2: mask "masks/9_left.png" does not exist (searched in <set>)',
    );
  });

  it('prefers a pattern to a detected patient column, but rejects it together with a named one', async () => {
    const folder = await tree(eyes(good));
    const { samples } = await open(folder, { groupPattern: '_(left|right)' });
    expect(samples.map(({ group }) => group)).toEqual(['left', 'right', 'left', 'right']);
    expect(
      await issuesOf(folder, { groupPattern: '_(left|right)', groupColumn: 'patient' }),
    ).toEqual([
      'data.groupPattern: got "_(left|right)" (groupPattern and groupColumn are mutually exclusive)',
    ]);
  });
});
