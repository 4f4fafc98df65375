import { parseCsv } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { predictionCsv, type PredictionResult } from './predictionOutput.js';

const result: PredictionResult = {
  model: 'resnet18',
  members: [],
  tta: null,
  task: 'multiclass',
  classes: ['error', '=SUM(A1)'],
  images: [{ id: '=1+1.png', label: 1, result: { file: '=1+1.png', reason: '-damaged' } }],
  seen: { checked: true, images: 1, excluded: 0, includeSeen: false, seen: [] },
  notes: [],
};

describe('the CSV file of predict', () => {
  it('marks what a spreadsheet would run as a formula, and reads back the same', () => {
    const text = predictionCsv(result);
    const [header, [id, truth, ...row]] = text.split('\n').map((line) => line.split(','));
    expect([header[3], id, truth, row.at(-1)]).toEqual([
      "'=SUM(A1)",
      './=1+1.png',
      "'=SUM(A1)",
      "'-damaged",
    ]);
    expect(header.at(-1)).toBe('error_'); // a class has the name of the column
    const [, read] = parseCsv(text).map(({ fields }) => fields);
    expect([read[1], read.at(-1)]).toEqual(['=SUM(A1)', '-damaged']);
  });

  it('keeps formulas if they are wanted', () => {
    const [, row] = predictionCsv(result, { keepFormulas: true })
      .split('\n')
      .map((line) => line.split(','));
    expect([row[0], row[1], row.at(-1)]).toEqual(['=1+1.png', '=SUM(A1)', '-damaged']);
  });
});
