import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset } from '../openDataset.js';

/** A data set of a/1.png to a/3.png and b/4.png to b/6.png; files beside it. */
async function withFiles(
  files: Readonly<Record<string, string>>,
  names = ['a/1.png', 'a/2.png', 'a/3.png', 'b/4.png', 'b/5.png', 'b/6.png'],
): Promise<{ path: string; file: (name: string) => string }> {
  const path = await makeTree(images(names));
  const beside = await makeTree({});
  for (const [name, text] of Object.entries(files)) await writeFile(join(beside, name), text);
  return { path, file: (name) => join(beside, name) };
}

const open = async (path: string, options: Partial<DataOptions>) => {
  const { samples, notes } = await openDataset({ path, workers: 0, cacheFolder: null, ...options });
  return { splits: Object.fromEntries(samples.map(({ id, split }) => [id, split])), notes };
};

describe('split files', () => {
  it('name images by path, end of the path, name or name without extension, in lists', async () => {
    const { path, file } = await withFiles({
      'train.txt': '\uFEFFa/1.png\r\n# a comment\r\n\r\n.\\a\\2.png\r\n/data/set/b/4.png\r\n',
      'val.txt': '3\n5.png',
      'test.txt': '6.png\n6.png\n',
    });
    const { splits, notes } = await open(path, {
      splitFile: {
        training: file('train.txt'),
        validation: file('val.txt'),
        test: file('test.txt'),
      },
    });
    expect(splits).toEqual({
      'a/1.png': 'training',
      'a/2.png': 'training',
      'a/3.png': 'validation',
      'b/4.png': 'training',
      'b/5.png': 'validation',
      'b/6.png': 'test',
    });
    expect(notes[0]).toBe(
      'The split is given by the lists train.txt, val.txt and test.txt: 3 training, 2 validation and 1 test images (--given-split ignore splits all images anew).',
    );
  });

  it('may be one table with the columns file and split', async () => {
    const { path, file } = await withFiles({
      'split.csv': 'image;split\n1;train\n2;train\n3;test\n4;train\n5;val\n6;test',
    });
    const { splits } = await open(path, { splitFile: file('split.csv') });
    expect(Object.values(splits)).toEqual([
      'training',
      'training',
      'test',
      'training',
      'validation',
      'test',
    ]);
  });

  it('without a training list leave all other images for training', async () => {
    const { path, file } = await withFiles({ 'test.txt': '1.png\n4.png' });
    const { splits, notes } = await open(path, { splitFile: { test: file('test.txt') } });
    expect(Object.values(splits).filter((split) => split === 'training')).toHaveLength(4);
    expect([splits['a/1.png'], splits['b/4.png']]).toEqual(['test', 'test']);
    expect(notes).toContain(
      'There is no training list: 4 images that are in no list are for training.',
    );
  });

  it('report a mistyped name, which would otherwise be trained on', async () => {
    const { path, file } = await withFiles({ 'test.txt': 'a/1.pnk\nb/4.png' });
    expect(await openIssues(path, { splitFile: { test: file('test.txt') } })).toEqual([
      'test.txt:1: "a/1.pnk" is not an image of the data set (did you mean "a/1.png"?)',
    ]);
  });

  it('note names that are not there if every image is listed', async () => {
    const { path, file } = await withFiles({ 'train.txt': '1\n2\n4\n5\n9', 'test.txt': '3\n6\n8' });
    const { notes } = await open(path, {
      splitFile: { training: file('train.txt'), test: file('test.txt') },
    });
    expect(notes).toContain(
      '2 lines of the lists train.txt and test.txt name an image that is not in the data set: 9, 8.',
    );
  });

  it('report images in no list and in two lists, and names that mean several images', async () => {
    const { path, file } = await withFiles(
      { 'train.txt': 'a/1.png\nb/2.png', 'test.txt': 'a/1.png\n3.png' },
      ['a/1.png', 'a/3.png', 'b/2.png', 'b/3.png'],
    );
    expect(
      await openIssues(path, {
        splitFile: { training: file('train.txt'), test: file('test.txt') },
      }),
    ).toEqual([
      'test.txt:2: "3.png" may be a/3.png, b/3.png (write the path below the data set)',
      'test.txt:1: "a/1.png" is listed for test, but for training in train.txt:1 (an image belongs to one part of the split)',
      'data.splitFile: 2 images are not in the lists train.txt and test.txt: a/3.png, b/3.png (list every image; or give no training list, then all images in no list are for training)',
    ]);
  });

  it('report unknown values, missing columns, missing and empty files', async () => {
    const { path, file } = await withFiles({
      'values.csv': 'file,split\n1,train\n2,train\n3,tset\n4,train\n5,train\n6,train',
      'columns.csv': 'file,part\n1,train',
      'empty.txt': '\n',
    });
    expect((await openIssues(path, { splitFile: file('values.csv') }))[0]).toMatch(
      /^values\.csv:4: the column "split" has the unknown value "tset" \(did you mean "test"\?/,
    );
    expect(await openIssues(path, { splitFile: file('columns.csv') })).toEqual([
      'columns.csv: has no column for the split (columns: file, part) (a CSV file with the columns file and split; lists of images are given as training=FILE, validation=FILE, test=FILE)',
    ]);
    expect((await openIssues(path, { splitFile: { test: file('none.txt') } }))[0]).toContain(
      'data.splitFile: no such file: ',
    );
    expect((await openIssues(path, { splitFile: { test: file('empty.txt') } }))[0]).toContain(
      'empty.txt: is empty (one image of the test set per line)',
    );
  });

  it('are refused beside a split of the data set itself, unless that is ignored', async () => {
    const { path, file } = await withFiles({ 'test.txt': '2.png\n4.png' }, [
      'train/a/1.png',
      'train/b/2.png',
      'test/a/3.png',
      'test/b/4.png',
    ]);
    const splitFile = { test: file('test.txt') };
    expect(await openIssues(path, { splitFile })).toEqual([
      'data.splitFile: the split is also given by the folders test and train (leave out one of them: --given-split ignore ignores the one of the data set)',
    ]);
    const { splits } = await open(path, { splitFile, givenSplit: 'ignore' });
    expect(splits).toEqual({
      'test/a/3.png': 'training',
      'test/b/4.png': 'test',
      'train/a/1.png': 'training',
      'train/b/2.png': 'test',
    });
  });

  it('are refused beside a split column', async () => {
    const path = await makeTree({
      ...images(['1.png', '2.png']),
      'labels.csv': 'file,label,split\n1.png,a,train\n2.png,b,train',
    });
    const [list] = await makeTree({ 'test.txt': '1.png' }).then((folder) => [
      join(folder, 'test.txt'),
    ]);
    expect(await openIssues(path, { splitFile: { test: list } })).toEqual([
      'data.splitFile: the split is also given by the column "split" of labels.csv (leave out one of them: --given-split ignore ignores the one of the data set)',
    ]);
  });
});
