import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { encodeDicom, wordBytes } from '../testing/encodeDicom.js';
import { encodeImage, makeTree } from '../testing/imageTree.js';
import { labelInputs } from './labelInputs.js';
import { type ListedInputs, listInputs } from './listInputs.js';

const image = await encodeImage({ seed: 1 });
const names = ['scans/b/10.png', 'scans/b/2.png', 'scans/a.JPG', 'scans/deep/er/x.tif', 'top.png'];
const dicom = Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(400)]);
const cine = encodeDicom({
  rows: 1,
  columns: 1,
  elements: { '00280008': ['IS', [2]], '00280301': ['CS', 'YES'] },
  pixels: wordBytes([1, 2]),
});
const from = await makeTree({
  ...Object.fromEntries(names.map((name) => [name, image])),
  'scans/readme.txt': 'text',
  'scans/series.dcm': 'not read by its name',
  'scans/.hidden.png': image,
  'scans/masks/a.png': image,
  'empty/notes.txt': 'text',
  'series/IM0001': dicom,
  'series/README': 'text',
  'video/loop.dcm': cine,
  'brackets/a[1].png': image,
  'list.csv': 'image,finding\ntop.png,1\nscans/b/2.png,0\nscans/b/3.png,1\n',
  'list.tsv': 'filename\tlabel\ntop.png\tsick\nscans/a.JPG\t\n',
  'other.csv': 'path,label\ntop.png,healthy\n',
  'list.xlsx': write(
    {
      SheetNames: ['a'],
      Sheets: {
        a: utils.aoa_to_sheet([
          ['file', 'class'],
          ['top.png', 'sick'],
        ]),
      },
    },
    { type: 'buffer', bookType: 'xlsx' },
  ) as Buffer,
});

const list = (inputs: readonly string[], options = {}): Promise<ListedInputs> =>
  listInputs(inputs, { from, ...options });
const idsOf = async (...inputs: string[]): Promise<string[]> =>
  (await list(inputs)).images.map(({ id }) => id);
const issuesOf = async (inputs: readonly string[], options = {}): Promise<string[]> => {
  const error: unknown = await list(inputs, options).catch((reason: unknown) => reason);
  if (!(error instanceof InputError))
    throw new Error(`There was no InputError but ${String(error)}.`);
  return error.issues.map(({ path, message }) => `${path}: ${message}`);
};

const folder = [
  'scans/a.JPG',
  'scans/b/2.png',
  'scans/b/10.png',
  'scans/deep/er/x.tif',
  'scans/series.dcm',
];

describe('listInputs', () => {
  it('lists each frame of a DICOM file', async () => {
    const { images, notes } = await list(['video', 'top.png']);
    expect(images.map(({ id, frame }) => [id, frame])).toEqual([
      ['video/loop.dcm#1', 0],
      ['video/loop.dcm#2', 1],
      ['top.png', undefined],
    ]);
    expect(notes).toEqual([
      '1 DICOM file says that its pixels show text (BurnedInAnnotation YES): names of patients may be visible in overlays and reports.',
    ]);
  });

  it('lists files in the order given, and folders with all below them in natural order', async () => {
    expect(await idsOf('top.png', 'scans')).toEqual(['top.png', ...folder]);
    expect(await idsOf('scans/', './top.png')).toEqual([...folder, './top.png']);
    const { images, notes } = await list(['scans']);
    expect(images.map(({ file }) => file)).toEqual(folder.map((name) => join(from, name)));
    expect(notes).toEqual([
      'scans: lesion masks are left out: masks/.',
      'scans: 1 file that is not an image by name left out: readme.txt.',
    ]);
  });

  it('calls the images of the current folder by their names', async () => {
    expect((await idsOf('.')).slice(0, 2)).toEqual(['brackets/a[1].png', 'scans/a.JPG']);
  });

  it.each<[string, string[]]>([
    ['scans/b/*.png', ['scans/b/2.png', 'scans/b/10.png']],
    [
      'scans/**/*.{png,tif}',
      ['scans/b/2.png', 'scans/b/10.png', 'scans/deep/er/x.tif', 'scans/masks/a.png'],
    ],
    ['scans/*', folder],
    ['*.png', ['top.png']],
    ['brackets/a[1].png', ['brackets/a[1].png']],
  ])('lists what the pattern %s matches', async (pattern, expected) => {
    expect(await idsOf(pattern)).toEqual(expected);
  });

  it.each(['series', 'series/*', 'series/IM0001'])(
    'recognizes DICOM files without an extension in %s',
    async (input) => {
      expect(await idsOf(input)).toEqual(['series/IM0001']);
    },
  );

  it.each(['scans/b/*.png', 'scans', 'scans/*', 'scans/**/*.png', 'serie*'])(
    'gives the images of the absolute path of %s absolute ids',
    async (input) => {
      const absolute = await idsOf(join(from, input));
      const relative = await idsOf(input);
      expect(absolute).toEqual(relative.map((name) => join(from, name)));
    },
  );

  it('lists a file once, at its first place, and says which were repeated', async () => {
    const { images, notes } = await list(['scans/b/2.png', 'scans', './scans/b/2.png']);
    expect(images.map(({ id }) => id)).toEqual([
      'scans/b/2.png',
      ...folder.filter((name) => name !== 'scans/b/2.png'),
    ]);
    expect(notes.at(-1)).toBe(
      '2 images named more than once, predicted once: scans/b/2.png, ./scans/b/2.png.',
    );
  });

  it('reads manifests with labels, without, and with some', async () => {
    const { images } = await list(['list.csv'], { labelColumn: 'finding' });
    expect(images.map(({ id, label }) => [id, label])).toEqual([
      ['top.png', '1'],
      ['scans/b/2.png', '0'],
      ['scans/b/3.png', '1'],
    ]);
    expect(images.map(({ problem }) => problem)).toEqual([
      undefined,
      undefined,
      `does not exist (searched in ${from})`,
    ]);
    const plain = await list(['list.csv']);
    expect(plain.images.map(({ label }) => label)).toEqual([undefined, undefined, undefined]);
    expect((await list(['list.tsv'])).images.map(({ label }) => label)).toEqual([
      'sick',
      undefined,
    ]);
    expect((await list(['list.xlsx'])).images).toEqual([
      { id: 'top.png', file: join(from, 'top.png'), label: 'sick' },
    ]);
  });

  it('joins a file of a folder with its label in a manifest, but refuses two labels', async () => {
    const { images } = await list(['top.png', 'list.tsv']);
    expect(images.map(({ id, label }) => [id, label])).toEqual([
      ['top.png', 'sick'],
      ['scans/a.JPG', undefined],
    ]);
    expect(await issuesOf(['list.tsv', 'other.csv'])).toEqual([
      'top.png: has two labels, "sick" and "healthy"',
    ]);
  });

  it('reports all inputs that name nothing', async () => {
    expect(await issuesOf(['gone.png', 'scans', 'empty', 'x/*.png', 'scans/*.txt'])).toEqual([
      'gone.png: does not exist',
      'empty: contains no images, only 1 other file: notes.txt',
      'x/*.png: matches no file',
      'scans/*.txt: matches no image, only 1 other file: scans/readme.txt',
    ]);
    expect(await issuesOf(['list.csv'], { fileColumn: 'img' })).toEqual([
      'list.csv:1: there is no column "img" (--file-column)',
    ]);
  });
});

describe('labelInputs', () => {
  const classes = ['healthy', 'sick'];
  const labelsOf = async (
    inputs: readonly string[],
    options: object = {},
    listOptions: object = {},
  ): Promise<number[]> => [
    ...labelInputs((await list(inputs, listOptions)).images, { classes, ...options }).labels,
  ];

  it('matches labels with the classes of the model', async () => {
    expect(await labelsOf(['list.tsv'])).toEqual([1, -1]);
    expect(
      await labelsOf(
        ['list.csv'],
        { labelMap: { 0: 'healthy', 1: 'sick' } },
        { labelColumn: 'finding' },
      ),
    ).toEqual([1, 0, 1]);
    await expect(labelsOf(['list.csv'], {}, { labelColumn: 'finding' })).rejects.toThrow(
      /class "1" is not one of the classes \(2 images\) \(known: healthy, sick; --label-map renames labels; --ignore-labels only predicts\)/,
    );
  });

  it('takes the nearest folder with the name of a class, if wanted', async () => {
    const options = { labelMap: { b: 'sick', deep: 'healthy', scans: null } };
    expect(await labelsOf(['scans'], options)).toEqual([-1, -1, -1, -1, -1]);
    expect(await labelsOf(['scans'], { ...options, folders: true })).toEqual([-1, 1, 1, 0, -1]);
    await expect(labelsOf(['scans'], { folders: true })).rejects.toThrow(
      /no image is in a folder that is called like a class of the model \(its classes: healthy, sick;/,
    );
  });
});

describe('labelInputs of a model with several findings', () => {
  const classes = ['effusion', 'mass', 'hernia'];
  const labelsOf = async (
    table: string,
    { given = {}, listing = {} }: { given?: object; listing?: object } = {},
  ): Promise<number[][]> => {
    await writeFile(join(from, 'findings.csv'), table);
    const { images } = await list(['findings.csv', 'scans/deep'], {
      findings: classes,
      ...listing,
    });
    const { labels } = labelInputs(images, { classes, task: 'multilabel', ...given });
    return images.map((_, row) => [...labels.subarray(3 * row, 3 * row + 3)]);
  };
  const columns = 'image,mass,effusion,age\ntop.png,1,-1,50\nscans/b/2.png,,0,60\n';

  it('reads the columns of the findings that a manifest has; others are not known', async () => {
    expect(await labelsOf(columns)).toEqual([
      [-1, 1, -1],
      [0, -1, -1],
      [-1, -1, -1],
    ]);
    expect(await labelsOf(columns, { given: { uncertain: 'ones', blank: 'zeros' } })).toEqual([
      [1, 1, -1],
      [0, 0, -1],
      [-1, -1, -1],
    ]);
  });

  it('renames the columns that are given', async () => {
    const listing = { labelColumns: ['Pleural Effusion'] };
    const given = { labelMap: { 'Pleural Effusion': 'effusion' } };
    const table = columns.replace('effusion', 'Pleural Effusion');
    expect(await labelsOf(table, { listing, given })).toEqual([
      [-1, -1, -1],
      [0, -1, -1],
      [-1, -1, -1],
    ]);
    await expect(labelsOf(table, { listing })).rejects.toThrow(
      'unknown finding "Pleural Effusion" (known: effusion, mass, hernia; --label-map renames labels; --ignore-labels only predicts)',
    );
    await expect(labelsOf(columns, { listing })).rejects.toThrow(
      'there is no column "Pleural Effusion" (--label-columns)',
    );
  });

  it('reads a column that lists findings', async () => {
    const table = 'image,label\ntop.png,effusion;hernia\nscans/b/2.png,No Finding\nscans/a.JPG,\n';
    const given = { labelSeparator: ';' };
    expect(await labelsOf(table, { given })).toEqual([
      [1, 0, 1],
      [0, 0, 0],
      [-1, -1, -1],
      [-1, -1, -1],
    ]);
    await expect(labelsOf(table.replace('hernia', 'edema'), { given })).rejects.toThrow(
      'top.png: unknown finding "edema"',
    );
    expect(
      await labelsOf(table.replace('hernia', 'edema'), {
        given: { ...given, labelMap: { edema: null } },
      }),
    ).toEqual([
      [1, 0, 0],
      [0, 0, 0],
      [-1, -1, -1],
      [-1, -1, -1],
    ]);
  });

  it('cannot take them from folders', async () => {
    await expect(labelsOf(columns, { given: { folders: true } })).rejects.toThrow(
      '--folder-labels: a folder names one class, but the model predicts several findings',
    );
  });
});
