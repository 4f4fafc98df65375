import { basename } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../testing/imageTree.js';
import { openDataset } from './openDataset.js';

const files = ['a1.jpg', 'a2.jpg', 'b1.jpg', 'b2.jpg'];
const rows = ['a1.jpg,0', 'a2.jpg,0', 'b1.jpg,1', 'b2.jpg,1'];
const csv = ['file,label', ...rows].join('\n');
const utf16 = Buffer.from(`\uFEFF${csv.replaceAll(',', '\t')}`, 'utf16le');

const open = (path: string): ReturnType<typeof openDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null });

/** What a folder with these files is read as: file names with their classes, and the notes about the table or the files. */
async function read(
  tree: Record<string, unknown>,
): Promise<{ classes: string[]; notes: readonly string[] }> {
  const folder = await makeTree(tree as Parameters<typeof makeTree>[0]);
  const { classes, samples, notes } = await open(folder);
  return {
    classes: samples.map(({ file, label }) => `${basename(file)} ${classes[label]}`),
    notes: notes.filter((note) => !note.includes('group')),
  };
}

const expected = ['a1.jpg 0', 'a2.jpg 0', 'b1.jpg 1', 'b2.jpg 1'];

describe('tables as programs write them', () => {
  it.each<[string, string | Uint8Array]>([
    ["Excel's line sep=;", `sep=;\r\n${csv.replaceAll(',', ';')}`],
    ['pipes', csv.replaceAll(',', '|')],
    ['trailing commas', csv.replaceAll('\n', ',,\n')],
    ['trailing commas of the header only', csv.replace('label', 'label,,')],
    [
      'a column of row numbers without a name',
      ['', '0,', '1,', '2,', '3,']
        .map((n, i) => (i === 0 ? ',file,label' : n + rows[i - 1]))
        .join('\n'),
    ],
    ['UTF-16 with tabs', utf16],
    ['UTF-16, big-endian', Buffer.from(utf16).swap16()],
    ['UTF-16 without a byte order mark', utf16.subarray(2)],
  ])('reads %s', async (_, table) => {
    expect(await read({ ...images(files), 'labels.csv': table })).toEqual({
      classes: expected,
      notes: [],
    });
  });

  it('numbers lines as the file does below sep=', async () => {
    await expect(
      read({ ...images(files), 'labels.csv': 'sep=;\nfile;label\na1.jpg;0\nb9;1' }),
    ).rejects.toThrow('labels.csv:4: image "b9" does not exist');
  });

  it('reads Windows-1252 with a note', async () => {
    const table = ['file,label', ...rows].join('\n').replaceAll(',0', ',unauff\u00e4llig');
    const { classes, notes } = await read({
      ...images(files),
      'labels.csv': Buffer.from(table, 'latin1'),
    });
    expect(classes.slice(0, 2)).toEqual(['a1.jpg unauff\u00e4llig', 'a2.jpg unauff\u00e4llig']);
    expect(notes).toEqual([
      'labels.csv is not UTF-8, so it is read as Windows-1252 (Latin-1); check the class names, or save it as UTF-8.',
    ]);
  });

  it('reads an Excel file, and names the sheets it does not read', async () => {
    const book = utils.book_new();
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet([['file', 'label'], ...files.map((file, i) => [file, i < 2 ? 0 : 1])]),
      'grades',
    );
    utils.book_append_sheet(book, utils.aoa_to_sheet([['remarks']]), 'other');
    const table = write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer;
    expect(await read({ ...images(files), 'labels.xlsx': table, '~$labels.xlsx': 'x' })).toEqual({
      classes: expected,
      notes: ['Only the first sheet of labels.xlsx, "grades", is read; not read: "other".'],
    });
  });
});

describe('files that are named otherwise', () => {
  it.each<[string, (name: string) => string, string]>([
    [
      'letter case',
      (name) => name.toUpperCase(),
      'found in another letter case: "A1.JPG" is a1.jpg',
    ],
    [
      'ending',
      (name) => name.replace('.jpg', '.png'),
      'found with another ending: "a1.png" is a1.jpg',
    ],
    [
      'a Windows path',
      (name) => `C:\\data\\csv\\${name}`,
      `found by the end of an absolute path that is not this computer's: "C:\\data\\csv\\a1.jpg" is a1.jpg`,
    ],
    [
      'a path of another computer',
      (name) => `/Volumes/someone/set/${name}`,
      `found by the end of an absolute path that is not this computer's: "/Volumes/someone/set/a1.jpg" is a1.jpg`,
    ],
  ])('finds another %s, with a note', async (_, rename, note) => {
    const table = ['file,label', ...files.map((file, i) => `${rename(file)},${i < 2 ? 0 : 1}`)];
    expect(await read({ ...images(files), 'labels.csv': table.join('\n') })).toEqual({
      classes: expected,
      notes: [`4 files ${note}, ...`],
    });
  });

  it('finds numbers that lost their leading zeros', async () => {
    const tree = { ...images(['0010.png', '0011.png', '0100.png', '1000.png']) };
    const table = 'file,label\n10,0\n11.0,0\n100,1\n1000,1';
    expect(await read({ ...tree, 'labels.csv': table })).toEqual({
      classes: ['0010.png 0', '0011.png 0', '0100.png 1', '1000.png 1'],
      notes: ['3 files found with leading zeros that the manifest lacks: "10" is 0010.png, ...'],
    });
  });

  it('prefers names as written, and refuses a name that matches several files', async () => {
    const folder = await makeTree({
      ...images(['x.png', 'X.png', 'y.jpg', 'y.png', 'z.png']),
      'labels.csv': 'file,label\nx.png,0\nX.png,1\nz.png,0\ny.tif,1',
    });
    await expect(open(folder)).rejects.toThrow('image "y.tif" is ambiguous: y.jpg, y.png');
  });

  it('does not take masks beside the manifest for the images in images/', async () => {
    const masks = files.map((file) => file.replace('.jpg', '.png'));
    const { classes } = await read({
      ...images([...masks, ...files.map((file) => `images/${file}`)]),
      'labels.csv': csv,
    });
    expect(classes).toEqual(expected);
  });
});
