import { describe, expect, it } from 'vitest';
import { compareOptions, flattenOptions } from './compareOptions.js';

const a = { model: { name: 'a', encoders: [1, 2] }, seed: 0 };
const b = { model: { name: 'b' }, seed: 0, tests: [] };

describe('flattenOptions', () => {
  it('returns dotted paths and values in order', () => {
    expect(flattenOptions(b)).toEqual([
      ['model.name', 'b'],
      ['seed', '0'],
      ['tests', 'none'],
    ]);
  });
});

describe('flattenOptions', () => {
  it('leaves out the folders of absolute paths', () => {
    expect(flattenOptions({ data: { path: '/srv/curie/study 7/', csv: 'labels.csv' } })).toEqual([
      ['data.path', '.../study 7'],
      ['data.csv', 'labels.csv'],
    ]);
    expect(flattenOptions({ path: 'D:\\curie\\scans' })).toEqual([['path', '.../scans']]);
  });
});

describe('compareOptions', () => {
  it('separates options that differ from those that are equal', () => {
    const { different, equal } = compareOptions([
      { title: 'A', options: a },
      { title: 'B', options: b },
    ]);
    expect(different.rows).toEqual([
      ['model.name', 'a', 'b'],
      ['model.encoders', '1, 2', '-'],
      ['tests', '-', 'none'],
    ]);
    expect(equal.rows).toEqual([['seed', '0']]);
  });
});
