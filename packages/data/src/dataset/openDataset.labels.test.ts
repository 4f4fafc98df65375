import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../testing/imageTree.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset } from './openDataset.js';

const names = Array.from({ length: 6 }, (_, index) => `i${index}.png`);

/** A manifest that gives six images these labels. */
async function manifest(labels: readonly string[]): Promise<string> {
  const rows = labels.map((label, index) => `${names[index]},${label}`);
  return makeTree({ ...images(names), 'labels.csv': ['file,label', ...rows].join('\n') });
}

const open = (path: string, options: Partial<DataOptions> = {}): ReturnType<typeof openDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

/** The class of each image, and the notes on spelling. */
async function read(
  labels: readonly string[],
  options: Partial<DataOptions> = {},
): Promise<{ classes: string[]; notes: string[] }> {
  const { classes, samples, notes } = await open(await manifest(labels), options);
  return {
    classes: samples.map(({ label }) => classes[label]),
    notes: notes.filter((note) => note.includes('spelling')),
  };
}

async function issuesOf(labels: readonly string[]): Promise<string[]> {
  const error: unknown = await open(await manifest(labels)).catch((reason: unknown) => reason);
  if (!(error instanceof InputError)) throw new Error(`no InputError but ${String(error)}`);
  return error.issues.map(({ message }) => message);
}

describe('labels that differ in spelling', () => {
  it.each<[string, { labels: string[]; classes: string[]; note: string }]>([
    [
      'numbers, as pandas leaves them after a gap',
      {
        labels: ['0', '1', '0', '1', '0.0', '1.0'],
        classes: ['0', '1', '0', '1', '0', '1'],
        note: '"0.0" (1 image) joined with "0" (2 images); "1.0" (1 image) joined with "1" (2 images)',
      },
    ],
    [
      'booleans of several programs',
      {
        labels: ['True', 'FALSE', 'TRUE', 'False', 'True', 'False'],
        classes: ['True', 'False', 'True', 'False', 'True', 'False'],
        note: '"TRUE" (1 image) joined with "True" (2 images); "FALSE" (1 image) joined with "False" (2 images)',
      },
    ],
    [
      'letters composed in two ways',
      {
        labels: ['o\u0308dem', '\u00f6dem', 'none', 'none', 'none', 'none'],
        classes: ['\u00f6dem', '\u00f6dem', 'none', 'none', 'none', 'none'],
        note: '"o\u0308dem" (1 image) joined with "\u00f6dem" (1 image)',
      },
    ],
  ])('joins %s, with a note', async (_, { labels, classes, note }) => {
    expect(await read(labels)).toEqual({
      classes,
      notes: [`Labels that differ in spelling only: ${note}.`],
    });
  });

  it('keeps labels of one spelling as they are', async () => {
    const labels = ['0.0', '1.0', '0.0', '1.0', '10', '1.5'];
    expect(await read(labels)).toEqual({ classes: labels, notes: [] });
  });

  it('refuses letter case and placeholders for missing values, with the numbers of images', async () => {
    expect(await issuesOf(['Normal', 'normal', 'NORMAL', 'sick', 'sick', 'normal'])).toEqual([
      'differ in letter case only: "Normal" (1 image), "normal" (2 images), "NORMAL" (1 image)',
    ]);
    for (const missing of ['nan', 'NaN', 'NA', 'N/A', '<NA>', 'null', '#N/A'])
      expect(await issuesOf(['0', '1', '0', '1', missing, missing])).toEqual([
        `"${missing}" (2 images) stands for a missing value`,
      ]);
    expect(await issuesOf(['0', '1', '0', '1', '1', ''])).toEqual([
      'the label of "i5.png" is empty',
    ]);
  });

  it('takes labels that the options name as meant', async () => {
    expect(
      await read(['NA', 'Normal', 'normal', 'normal', 'NA', 'Normal'], {
        labelMap: { NA: null, Normal: 'healthy', normal: 'sick' },
      }),
    ).toEqual({ classes: ['healthy', 'sick', 'sick', 'healthy'], notes: [] });
    expect((await read(['a', 'A', 'a', 'A', 'a', 'A'], { classes: ['a', 'A'] })).classes).toEqual([
      'a',
      'A',
      'a',
      'A',
      'a',
      'A',
    ]);
  });

  it('matches numeric classes and keys of labelMap by value', async () => {
    const labels = ['0.0', '1.0', '0.0', '1.0', '0.0', '1.0'];
    const { classes } = await open(await manifest(labels), { classes: [1, 0] });
    expect(classes).toEqual(['1', '0']);
    expect((await read(labels, { classes: [1, 0] })).classes).toEqual([
      '0',
      '1',
      '0',
      '1',
      '0',
      '1',
    ]);
    expect((await read(labels, { labelMap: { 0: 'neg', 1: 'pos' } })).classes).toEqual([
      'neg',
      'pos',
      'neg',
      'pos',
      'neg',
      'pos',
    ]);
    expect((await read(labels, { labelMap: { 0: 1, 1: 0 } })).classes).toEqual([
      '1',
      '0',
      '1',
      '0',
      '1',
      '0',
    ]);
  });

  it('treats class folders alike, but knows that a folder named NA is meant', async () => {
    const folders = (...classes: string[]): Promise<string> =>
      makeTree(images(classes.flatMap((name) => [`${name}/1.png`, `${name}/2.png`])));
    await expect(open(await folders('Normal', 'normal', 'sick'))).rejects.toThrow(
      'differ in letter case only: "Normal" (2 images), "normal" (2 images)',
    );
    expect((await open(await folders('AD', 'NA'))).classes).toEqual(['AD', 'NA']);
  });
});
