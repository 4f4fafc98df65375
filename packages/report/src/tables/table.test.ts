import { expect, it } from 'vitest';
import { transposeTable } from './table.js';

it('transposes rows and columns', () => {
  const table = {
    columns: [{ title: '' }, { title: 'AUC' }, { title: 'kappa' }],
    rows: [
      ['a', '0.9', '0.7'],
      ['b', '0.8', '-'],
    ],
  };
  expect(transposeTable(table)).toEqual({
    columns: [{ title: '' }, { title: 'a', align: 'right' }, { title: 'b', align: 'right' }],
    rows: [
      ['AUC', '0.9', '0.8'],
      ['kappa', '0.7', '-'],
    ],
  });
});
