import type { Predictions } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { predictionsToCsv } from '../input/predictionsCsv.js';
import { randomPredictions } from '../testing/randomPredictions.js';
import { externalPredictions, type ExternalReference } from './externalPredictions.js';
import { readerPoint } from './readers.js';

const run: Predictions = {
  classes: ['none', 'some'],
  ids: ['set/a.png', 'set/b.png', 'set/c.png', 'set/d.png'],
  labels: Int32Array.of(0, 0, 1, 1),
  probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8),
  groups: ['p', 'p', 'q', 'q'],
};
const hashes = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(64));
const reference: ExternalReference = {
  name: 'runs/first',
  predictions: run,
  contents: new Map(run.ids.map((id, i) => [id, hashes[i]])),
};
const read = (
  text: string,
  { path = 'vendor.csv', ...other }: Partial<ExternalReference> & { path?: string } = {},
): ReturnType<typeof externalPredictions> =>
  externalPredictions([{ path, text }], { ...reference, ...other });

describe('predictions made elsewhere', () => {
  it('are read from the format of a run, with patients from the run', () => {
    const { predictions, missing, additional } = read(
      predictionsToCsv({ ...run, groups: undefined }),
    );
    expect(predictions).toEqual(run);
    expect([missing, additional]).toEqual([[], []]);
  });

  it('are read from another order of classes and images, and with columns that are not used', () => {
    const { predictions, notes } = read(
      'image,seconds,p_some,P(none)\nset/d.png,1,0.8,0.2\nset/a.png,1,0.1,0.9\nset/b.png,1,0.6,0.4\nset/c.png,1,0.7,0.3\n',
    );
    expect(predictions).toEqual(run);
    expect(notes).toEqual(['Columns that are not used: seconds.']);
  });

  it.each([
    ['probability', 'id,probability\nset/a.png,0.1\nset/b.png,0.6\nset/c.png,0.7\nset/d.png,0.8\n'],
    ['some', 'file;some\na;0,1\nb;0,6\nc;0,7\nd;0,8\n'],
  ])('are read from one probability for two classes, "%s"', (title, text) => {
    const { predictions, notes } = read(text);
    const difference = predictions.probabilities.map((p, i) => Math.abs(p - run.probabilities[i]));
    expect(Math.max(...difference)).toBeLessThan(1e-15);
    expect(notes).toContain(`"${title}" is taken for the probability of "some".`);
  });

  it('are matched by the SHA-256 of the files', () => {
    const text = `sha256,probability\n${hashes.map((hash, i) => `${hash.toUpperCase()},${i / 10}`).join('\n')}`;
    expect(read(text).predictions.ids).toEqual(run.ids);
    expect(read(text.replace('sha256', 'id')).predictions.ids).toEqual(run.ids);
    expect(() => read(text, { contents: undefined })).toThrow(
      'runs/first has no record of the contents of its images',
    );
  });

  it('are matched by file names where one path is the end of the other', () => {
    const row = (id: string): string => `${id},0.5\n`;
    const { predictions, additional, notes } = read(
      `id,probability\n${['a.png', 'b', 'scans/set/c.png', 'other/d.png'].map(row).join('')}`,
    );
    expect(predictions.ids).toEqual(['set/a.png', 'set/b.png', 'set/c.png']);
    expect(additional).toEqual(['other/d.png']);
    expect(notes[1]).toBe('3 of 3 images were matched by their file names.');
  });

  it('name the images that are missing or additional; a row without a value is missing', () => {
    const { predictions, missing, additional } = read(
      'id,probability\nset/a.png,0.1\nset/z.png,0.5\nset/b.png,\nset/d.png,0.8\n',
    );
    expect(predictions.ids).toEqual(['set/a.png', 'set/d.png']);
    expect([...predictions.labels]).toEqual([0, 1]);
    expect(predictions.groups).toEqual(['p', 'q']);
    expect(missing).toEqual(['set/b.png', 'set/c.png']);
    expect(additional).toEqual(['set/z.png']);
  });

  it('may be rounded: rows are divided by their sum, which is said', () => {
    const three = randomPredictions({ count: 3, classes: 3 });
    const text = `id,grade 0,grade 1,grade 2\n${three.ids.map((id) => `${id},0.333,0.333,0.333`).join('\n')}`;
    const { predictions, notes } = read(text, { predictions: three });
    expect([...predictions.probabilities.subarray(0, 3)]).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(notes).toEqual([
      'The probabilities of 3 images were divided by their sum, which rounding had changed.',
    ]);
  });

  it('may be decisions of one reader, without an AUC', () => {
    const { predictions, readers, notes } = read(
      'id,truth,reader\nset/a.png,none,Some\nset/b.png,none,none\nset/c.png,some,some\nset/d.png,some,some\n',
    );
    expect(predictions.decisionsOnly).toBe(true);
    expect([...predictions.probabilities]).toEqual([0, 1, 1, 0, 0, 1, 0, 1]);
    expect(readerPoint(readers[0], predictions, 1)).toEqual({
      name: 'reader',
      sensitivity: 1,
      specificity: 0.5,
      positives: 2,
      negatives: 2,
    });
    expect(notes).toEqual([
      'Only decisions are given, no probabilities: AUC and calibration are not defined.',
    ]);
  });

  it('may be codes of classes', () => {
    const { predictions, notes } = read('id,prediction\na,0\nb,0\nc,1\nd,1\n');
    expect([...predictions.probabilities]).toEqual([1, 0, 1, 0, 0, 1, 0, 1]);
    expect(notes[0]).toBe('Numbers are taken for classes in their order: 0 none, 1 some.');
  });

  const votes = [
    ['a', 'none', 'none', 'some'],
    ['b', 'some', 'none', ''],
    ['c', 'some', 'some', 'none'],
    ['d', 'none', 'some', 'some'],
  ];

  it('of several readers are joined by majority; of a tie the first reader decides, which is said', () => {
    const text = `id,Ana,Ben,Cem\n${votes.map((row) => row.join(',')).join('\n')}\n`;
    const { predictions, readers, notes } = read(text);
    // b: one vote each, so that of Ana counts.
    expect([...predictions.probabilities]).toEqual([1, 0, 0, 1, 0, 1, 0, 1]);
    expect(readers.map(({ name }) => name)).toEqual(['Ana', 'Ben', 'Cem']);
    expect([...readers[2].decisions]).toEqual([1, -1, 0, 1]);
    expect(notes).toContain(
      'Majority vote of 3 readers (Ana, Ben, Cem); 1 image is tied, where the vote of the first reader among the tied classes counts.',
    );
    expect(notes).toContain('Cem decided on 3 of 4 images.');
    expect(readerPoint(readers[2], predictions, 1)).toMatchObject({
      sensitivity: 0.5,
      specificity: 0,
      negatives: 1,
    });
  });

  it('of several readers may be several files', () => {
    const file = (column: number): { path: string; text: string } => ({
      path: `study/reader-${column}.csv`,
      text: `id,prediction\n${votes.map((row) => `${row[0]},${row[column]}`).join('\n')}\n`,
    });
    const { readers, predictions } = externalPredictions([1, 2, 3].map(file), reference);
    expect(readers.map(({ name }) => name)).toEqual(['reader-1', 'reader-2', 'reader-3']);
    expect([...predictions.probabilities]).toEqual([1, 0, 0, 1, 0, 1, 0, 1]);
    expect(() =>
      externalPredictions(
        [file(1), { path: 'model.csv', text: 'id,probability\na,0.5' }],
        reference,
      ),
    ).toThrow('model.csv: contains probabilities (decisions:');
  });

  it.each([
    [
      'id,probability\na,0.5\nb,85\n',
      'vendor.csv:3: "85" is not a probability (a number from 0 to 1',
    ],
    ['id,none,some\na,0.5,0.9\n', 'vendor.csv:2: the probabilities sum to 1.4'],
    ['id,none,some\na,0.5,\n', 'vendor.csv:2: "" is not a probability'],
    [
      'id,truth,probability\na,some,0.5\n',
      'vendor.csv:2: the true class of "a" is "some", but "none" in runs/first',
    ],
    [
      'id,probability\na,0.5\n\nset/a.png,0.6\n',
      'vendor.csv:4: image "set/a.png" is listed twice, first on line 2',
    ],
    [
      'id,probability\nx,0.5\n',
      'none of its images is among the test images of runs/first: it has "x", the run "set/a.png"',
    ],
    ['probability\n0.5\n', 'vendor.csv:1: no column names the images; the columns are probability'],
    [
      'id,text\na,hello\n',
      'vendor.csv:1: no column contains predictions; the columns are id, text',
    ],
    ['', 'vendor.csv:1: no column names the images; the columns are missing'],
    ['id,probability\n"a,0.5\n', 'vendor.csv:2: is not valid CSV'],
  ])('are rejected with file and line: %j', (text, message) =>
    expect(() => read(text)).toThrow(message),
  );

  it('of more than two classes are rejected with a single probability', () =>
    expect(() =>
      read('id,probability\nimage-0.png,0.5\n', {
        predictions: randomPredictions({ count: 3, classes: 3 }),
      }),
    ).toThrow('one probability per image ("probability"), but there are 3 classes'));
});
