import type { Classification } from '@nonlocal-med/classifier';
import { parseCsv } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import type { ImageEntry, Outcome } from './imageEntry.js';
import { resultCsv } from './resultCsv.js';

const labels = ['healthy', 'lesion, early'];
const result: Classification = {
  labels,
  probabilities: [0.25, 0.75],
  calibrated: [0.4, 0.6],
  shown: 'probabilities',
  predicted: ['lesion, early'],
  decisions: [
    {
      positive: ['lesion, early'],
      goal: { kind: 'youden' },
      threshold: 0.5,
      score: 0.75,
      margin: 0.25,
      isPositive: true,
    },
  ],
  unlike: { distance: 1.5, reasons: [], text: 'darker' },
  maps: [],
};
const entry = (id: string, outcome: Outcome | null, isRevealed = true): ImageEntry => ({
  id,
  file: new File([], id),
  isRevealed,
  outcome,
});
const rowsOf = (
  entries: ImageEntry[],
  task: 'multiclass' | 'multilabel' = 'multiclass',
): Record<string, string>[] => {
  const [header, ...rows] = parseCsv(resultCsv(entries, { labels, task })).map(
    ({ fields }) => fields,
  );
  return rows.map((row) => {
    expect(row).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, i) => [name, row[i]]));
  });
};

describe('resultCsv', () => {
  it('has a row per image with all digits, and leaves out those that wait', () => {
    const rows = rowsOf([entry('a.png', { result, notes: ['x'] }), entry('b.png', null)]);
    expect(rows).toEqual([
      {
        id: 'a.png',
        healthy: '0.25',
        'lesion, early': '0.75',
        prediction: 'lesion, early',
        probability: '0.75',
        'decision:lesion, early': 'yes',
        'margin:lesion, early': '0.25',
        distance: '1.5',
        unlike: 'darker',
        notes: 'x',
        error: '',
      },
    ]);
  });

  it('has no result of an image unlike the training images until the reader wants it', () => {
    const [row] = rowsOf([entry('a.png', { result, notes: ['x'] }, false)]);
    expect(row).toEqual({
      id: 'a.png',
      healthy: '',
      'lesion, early': '',
      prediction: '',
      probability: '',
      'decision:lesion, early': '',
      'margin:lesion, early': '',
      distance: '1.5',
      unlike: 'darker',
      notes: 'x',
      error: 'no result: unlike the training images',
    });
    const like = { ...result, unlike: { distance: 1, reasons: [], text: '' } };
    const [known] = rowsOf([entry('a.png', { result: like, notes: [] }, false)]);
    expect([known.prediction, known.error]).toEqual(['lesion, early', '']);
  });

  it('has the probabilities that the run shows', () => {
    const [row] = rowsOf([entry('a', { result: { ...result, shown: 'calibrated' }, notes: [] })]);
    expect([row.healthy, row.probability]).toEqual(['0.4', '0.6']);
  });

  it('says why an image has no result, also if none has', () => {
    expect(rowsOf([entry('a', { error: 'is empty' })])).toEqual([
      expect.objectContaining({ id: 'a', healthy: '', error: 'is empty' }),
    ]);
    const both = [entry('a', { error: 'is empty' }), entry('b', { result, notes: [] })];
    expect(rowsOf(both)[0]).toMatchObject({ 'decision:lesion, early': '', error: 'is empty' });
  });

  it('lists findings', () => {
    const several = { ...result, predicted: ['healthy', 'lesion, early'] };
    const [row] = rowsOf([entry('a', { result: several, notes: [] })], 'multilabel');
    expect(row.findings).toBe('healthy|lesion, early');
    expect(row.prediction).toBeUndefined();
  });

  it('has no name that a spreadsheet takes for a formula', () => {
    expect(rowsOf([entry('=1+1.png', { result, notes: [] })])[0].id).toBe('./=1+1.png');
  });
});
