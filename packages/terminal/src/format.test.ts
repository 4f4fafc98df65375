import { describe, expect, it } from 'vitest';
import { formatBytes } from './formatBytes.js';
import { formatDuration } from './formatDuration.js';
import { formatNumber } from './formatNumber.js';
import { formatTable } from './formatTable.js';
import { resolveUserPath } from './resolveUserPath.js';

describe('formatting', () => {
  it.each([
    [0.44, '0.4 s'],
    [9.96, '10 s'],
    [59.6, '1 min 00 s'],
    [125, '2 min 05 s'],
    [7620, '2 h 07 min'],
    [Infinity, '-'],
    [-1, '-'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1023, '0.999 KiB'],
    [1536, '1.50 KiB'],
    [1020 * 1024 ** 2, '0.996 GiB'],
    [999 * 1024 ** 2, '999 MiB'],
    [3 * 1024 ** 3, '3.00 GiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('writes what is not defined as a dash', () => {
    expect([
      formatNumber(0.12345),
      formatNumber(null),
      formatNumber(NaN),
      formatNumber(2, 1),
    ]).toEqual(['0.1235', '-', '-', '2.0']);
  });

  it('aligns columns, keeps colours out of the width, and splits cells with several lines', () => {
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
    expect(() => formatTable([{ title: 'a' }], [['1', '2']])).toThrow(
      '2 cells, the table 1 columns',
    );
  });

  it('takes paths from where the command was typed', () => {
    expect(resolveUserPath('runs/x', { INIT_CWD: '/home-of-user' })).toBe('/home-of-user/runs/x');
    expect(resolveUserPath('/absolute', { INIT_CWD: '/home-of-user' })).toBe('/absolute');
    const script = {
      INIT_CWD: '/repository',
      npm_package_json: '/repository/apps/trainer/package.json',
    };
    expect(resolveUserPath('runs/x', script, '/repository/apps/trainer')).toBe(
      '/repository/runs/x',
    );
    expect(resolveUserPath('runs/x', script, '/elsewhere')).toBe('/elsewhere/runs/x');
    expect(resolveUserPath('runs/x', { INIT_CWD: '' }, '/elsewhere')).toBe('/elsewhere/runs/x');
  });
});
