import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

/** "split: class" of each image by its id. */
const contentOf = ({ samples, classes }: OpenedDataset): Record<string, string> =>
  Object.fromEntries(samples.map(({ id, split, label }) => [id, `${split}: ${classes[label]}`]));

const layout = images([
  'train/sick/1.png',
  'train/well/2.png',
  'train/well/3.png',
  'valid/sick/4.png',
  'valid/well/5.png',
  'Test/sick/6.png',
  'Test/well/7.png',
]);

describe('folders train, val and test', () => {
  it('give the split, with the class folders in them as classes', async () => {
    const dataset = await open(await makeTree(layout));
    expect(dataset.classes).toEqual(['sick', 'well']);
    expect(contentOf(dataset)).toEqual({
      'Test/sick/6.png': 'test: sick',
      'Test/well/7.png': 'test: well',
      'train/sick/1.png': 'training: sick',
      'train/well/2.png': 'training: well',
      'train/well/3.png': 'training: well',
      'valid/sick/4.png': 'validation: sick',
      'valid/well/5.png': 'validation: well',
    });
    expect(dataset.givenSplit).toEqual({ source: 'the folders Test, train and valid', leaks: [] });
    expect(dataset.notes[0]).toBe(
      'The split is given by the folders Test, train and valid: 3 training, 2 validation and 2 test images (--given-split ignore splits all images anew).',
    );
  });

  it.each(['val', 'validation', 'VALID', 'Training', 'testing'])(
    'may be called %s',
    async (name) => {
      const path = await makeTree(images(['train/a/1.png', 'train/b/2.png', `${name}/a/3.png`]));
      expect(new Set((await open(path)).samples.map(({ split }) => split)).has(undefined)).toBe(
        false,
      );
    },
  );

  it('are pooled if the given split is to be ignored', async () => {
    const dataset = await open(await makeTree(layout), { givenSplit: 'ignore' });
    expect(dataset.classes).toEqual(['sick', 'well']);
    expect(dataset.samples).toHaveLength(7);
    expect(dataset.samples.every(({ split }) => split === undefined)).toBe(true);
    expect(dataset.givenSplit).toBeUndefined();
  });

  it('beside another folder are not classes: the other folder is left out with a note', async () => {
    const path = await makeTree({ ...layout, ...images(['samples/8.png', 'samples/9.png'], 20) });
    const dataset = await open(path);
    expect(dataset.classes).toEqual(['sick', 'well']);
    expect(dataset.samples).toHaveLength(7);
    expect(dataset.notes).toContain(
      'Left out, because the folders Test, train, valid give the split and this folder is beside them: samples (2 images).',
    );
  });

  it('beside class folders of the same names are refused', async () => {
    const path = await makeTree({ ...layout, ...images(['sick/8.png'], 20) });
    expect(await openIssues(path)).toEqual([
      '<set>/sick: is beside the folders Test, train and valid, which contain folders of the same name: it is not clear which part of the split it belongs to (move its images into one of them)',
    ]);
  });

  it('are refused if only one of them is beside class folders, unless the options call it a class', async () => {
    const path = await makeTree(images(['control/1.png', 'test/2.png']));
    expect(await openIssues(path)).toEqual([
      `<set>: its folder "test" looks like a part of a split, but the folder "control" beside it does not (put the class folders into train/, val/ and test/; or take "test" out of the data set; if it is a class, name all classes: --set 'data.classes=[control, test]')`,
    ]);
    const { classes, samples } = await open(path, { classes: ['control', 'test'] });
    expect(classes).toEqual(['control', 'test']);
    expect(samples.map(({ split }) => split)).toEqual([undefined, undefined]);
  });

  it('without class folders are refused', async () => {
    const path = await makeTree(images(['train/1.png', 'test/2.png']));
    expect(await openIssues(path)).toContain(
      '<set>: its folders test and train are parts of a split, but there are no class folders in them (one folder per class in each of them; or a CSV manifest with the columns file, label and split)',
    );
  });

  it('in a folder around them are named', async () => {
    const path = await makeTree(images(['inner/train/a/1.png', 'inner/test/a/2.png']));
    expect(await openIssues(path)).toContain(
      '<set>: contains only the folder "inner", in which test and train are parts of a split (use <set>/inner as the data set)',
    );
  });

  it('leave out images without a class folder, with their number', async () => {
    const path = await makeTree({ ...layout, ...images(['Test/8.png', '9.png'], 20) });
    const { notes, samples } = await open(path);
    expect(samples).toHaveLength(7);
    expect(notes).toContain(
      '2 images outside of the class folders are left out, because their classes are not known: 9.png, Test/8.png.',
    );
  });

  it('within each class folder give the split, too; in some of them only, they are refused', async () => {
    const files = ['a/train/1.png', 'a/test/2.png', 'b/train/3.png', 'b/test/4.png'];
    const dataset = await open(await makeTree(images(files)));
    expect(contentOf(dataset)).toEqual({
      'a/test/2.png': 'test: a',
      'a/train/1.png': 'training: a',
      'b/test/4.png': 'test: b',
      'b/train/3.png': 'training: b',
    });
    expect(await openIssues(await makeTree(images([...files, 'b/5.png'])))).toEqual([
      'data: 4 images are in folders called test and train within the class folders, and 1 image is not: b/5.png (put every image into the folder of its part of the split; or --given-split ignore splits all images anew)',
    ]);
  });

  it('change the fingerprint only if an image changes its part', async () => {
    const fingerprint = async (files: typeof layout): Promise<string> =>
      (await open(await makeTree(files))).fingerprint;
    const { 'train/well/3.png': moved, ...others } = layout;
    expect(await fingerprint(layout)).toBe(await fingerprint({ ...layout }));
    expect(await fingerprint({ ...others, 'valid/well/3.png': moved })).not.toBe(
      await fingerprint(layout),
    );
  });
});
