import { describe, expect, it } from 'vitest';
import { matchFindings, matchSamples } from './matchSamples.js';

const samples = [
  { id: 'a', label: -1, findings: [1, 0, -1] },
  { id: 'b', label: -1, findings: [0, 1, 1] },
];
const dataset = {
  task: 'multilabel',
  classes: ['Mass', 'effusion', 'Nodule'],
  samples,
} as const;

describe('matchFindings', () => {
  it('brings labels into the order of the model, by name or spelling', () => {
    const { samples: matched, notes } = matchFindings(
      { ...dataset, classes: ['Mass', ' effusion', 'Nodule'] },
      ['Nodule', 'effusion', 'Mass'],
      'scans',
    );
    expect(matched.map(({ findings }) => findings)).toEqual([
      [-1, 0, 1],
      [1, 1, 0],
    ]);
    expect(notes).toEqual([]);
  });

  it('does not know what the data set lacks, and says what the model lacks', () => {
    const { samples: matched, notes } = matchFindings(dataset, ['Hernia', 'Mass'], 'scans');
    expect(matched.map(({ findings }) => findings)).toEqual([
      [-1, 1],
      [-1, 0],
    ]);
    expect(notes).toEqual([
      'Findings that the model does not know are left out: effusion, Nodule.',
      'Not tested, since the data set does not have them: Hernia.',
    ]);
  });

  it('refuses findings of which none is of the model, or several are the same', () => {
    expect(() => matchFindings(dataset, ['Hernia', 'Fibrosis'], 'scans')).toThrow(
      'scans: none of its findings (Mass, effusion, Nodule) is one of the model (findings of the model: Hernia, Fibrosis; --label-map renames them, such as --label-map Mass=Hernia)',
    );
    expect(() =>
      matchFindings({ ...dataset, classes: ['1.0', '1', 'b'] }, ['01', 'b'], 'scans'),
    ).toThrow('scans: its findings "1.0" and "1" differ in spelling only');
  });
});

describe('matchSamples', () => {
  it('refuses a data set with another task than the model', () => {
    const classes = { classes: ['x', 'y'], samples: [{ id: 'a', label: 1 }] };
    expect(() =>
      matchSamples(classes, { task: 'multilabel', labels: ['Mass', 'Edema'] }, { path: 'scans' }),
    ).toThrow(
      'scans: has one class per image, and the model tells 2 findings: Mass, Edema (a column of 0 and 1 per finding, such as --label-columns Mass,Edema)',
    );
    expect(() =>
      matchSamples(dataset, { task: 'multiclass', labels: ['x', 'y'] }, { path: 'scans' }),
    ).toThrow('scans: has several findings per image, and the model tells one of the classes x, y');
    expect(
      matchSamples(classes, { task: 'multiclass', labels: ['y', 'x'] }, { path: 'scans' }),
    ).toEqual([{ id: 'a', label: 0 }]);
  });
});
