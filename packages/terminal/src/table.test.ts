import { expect, it } from 'vitest';
import { formatTable } from './table.js';

it('aligns columns, ignores colors in widths, and supports cells of several lines', () => {
  const table = formatTable(
    [{ title: 'model' }, { title: 'AUC', align: 'right' }],
    [
      ['resnet18', '0.9'],
      ['\u001b[1mnla\u001b[0m', '0.95\n(0.9-1.0)'],
    ],
  );
  expect(table.replaceAll('\u001b[1m', '').replaceAll('\u001b[0m', '')).toBe(
    'model           AUC\n--------  ---------\nresnet18        0.9\nnla            0.95\n          (0.9-1.0)',
  );
  expect(
    formatTable(
      [{ title: 'class' }, { title: 'n' }],
      [
        ['正常', '1'],
        ['mild', '2'],
      ],
    ),
  ).toBe('class  n\n-----  -\n正常   1\nmild   2');
  expect(() => formatTable([{ title: 'a' }], [['1', '2']])).toThrow('2 cells, the table 1 columns');
});
