import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

/** A manifest of images 0.png, 1.png, ..., labeled a and b in turn, with one more column. */
const manifest = (column: string, values: readonly string[]): Promise<string> =>
  makeTree({
    ...images(values.map((_, index) => `${index}.png`)),
    'labels.csv': [
      `file,label,${column}`,
      ...values.map((value, index) => `${index}.png,${'ab'[index % 2]},${value}`),
    ].join('\n'),
  });

const splitsOf = ({ samples }: OpenedDataset): (string | undefined)[] =>
  samples.map(({ split }) => split);

describe('a column of a manifest that gives the split', () => {
  it('is used, whatever the case and form of its values', async () => {
    const dataset = await open(
      await manifest('Split', ['train', 'Training', ' VAL', 'valid', 'TEST', 'testing']),
    );
    expect(splitsOf(dataset)).toEqual([
      'training',
      'training',
      'validation',
      'validation',
      'test',
      'test',
    ]);
    expect(dataset.notes).toContain(
      'The split is given by the column "Split" of labels.csv: 2 training, 2 validation and 2 test images (--given-split ignore splits all images anew).',
    );
  });

  it('is not made by the patients of another column, but checked for them', async () => {
    const rows = ['train,1', 'train,2', 'test,3', 'test,3'];
    const path = await manifest('split,patient', rows);
    const note = (rule: string): string =>
      `Images with the same "patient" ${rule} (recognized by the column's name; --group-column selects another).`;
    expect((await open(path)).notes).toContain(note('must be in one part of the given split'));
    expect((await open(path, { givenSplit: 'ignore' })).notes).toContain(
      note('stay in the same split'),
    );
    const leaking = await manifest('split,patient', ['train,1', 'train,2', 'test,2', 'test,3']);
    await expect(open(leaking)).rejects.toThrow(/patient/);

    const eyes = await makeTree({
      ...images(['10_left.png', '10_right.png', '11_left.png', '11_right.png']),
      'labels.csv':
        'file,label,split\n10_left.png,a,train\n10_right.png,b,train\n11_left.png,a,test\n11_right.png,b,test\n',
    });
    expect((await open(eyes)).notes).toContain(
      'File names are eyes of 2 patients, such as 10_left.png: both eyes must be in one part of the given split (override with --group-column or --group-pattern).',
    );
  });

  it('is found by the option splitColumn, and ignored by givenSplit', async () => {
    const path = await manifest('set', ['train', 'train', 'test', 'test']);
    expect(splitsOf(await open(path))).toEqual(new Array(4).fill(undefined));
    expect(splitsOf(await open(path, { splitColumn: 'set' }))).toEqual([
      'training',
      'training',
      'test',
      'test',
    ]);
    const ignored = await open(await manifest('split', ['train', 'test']), {
      givenSplit: 'ignore',
    });
    expect(splitsOf(ignored)).toEqual([undefined, undefined]);
    expect(await openIssues(path, { splitColumn: 'sett' })).toEqual([
      'labels.csv:1: there is no column "sett" (--split-column) (did you mean "set"? known: file, label, set)',
    ]);
    expect(await openIssues(path, { splitColumn: 'set', givenSplit: 'ignore' })).toEqual([
      'data.givenSplit: got "ignore" (splitColumn names the column of the split, and givenSplit ignores it)',
    ]);
  });

  it('reports each unknown value once with its lines, with the nearest known one, and empty cells', async () => {
    const path = await manifest('split', ['train', 'trian', 'trian', 'test', '', '3']);
    const known =
      'known: train, training, trainset, val, valid, validation, test, testing, testset';
    const ignore = 'or --given-split ignore, which splits all images anew';
    expect(await openIssues(path)).toEqual([
      `labels.csv:3: the column "split" has the unknown value "trian" (2 lines) (did you mean "train"? ${known}; ${ignore})`,
      `labels.csv:6: the column "split" is empty (every image needs its part of the split: training, validation or test; ${ignore})`,
      `labels.csv:7: the column "split" has the unknown value "3" (${known}; ${ignore})`,
    ]);
  });

  it('is not taken for one if it only might be called so', async () => {
    const dataset = await open(await manifest('subset', ['north', 'south']));
    expect(splitsOf(dataset)).toEqual([undefined, undefined]);
    expect(dataset.notes).toContain(
      'The column "subset" is not read as a split: its values, such as "north", "south", are not train, validation or test.',
    );
  });
});
