import { describe, expect, it } from 'vitest';
import { csvTable } from './csvTable.js';
import { latexTable } from './latexTable.js';
import { latexText } from './latexText.js';
import { markdownTable } from './markdownTable.js';
import { plainTable } from './plainTable.js';
import { renderTable } from './renderTable.js';
import type { StyledTable } from './styledTable.js';
import { wrapText } from './wrapText.js';

const table: StyledTable = {
  columns: [{ title: 'a|b' }, { title: '95 %', align: 'right' }],
  rows: [
    { heading: 'ResNet_18' },
    {
      cells: [
        { text: 'x & y', mark: 'a' },
        { text: '-92.48 ± 0.91', strong: true, mark: '*' },
      ],
    },
  ],
};

describe('renderers', () => {
  it('write Markdown', () => {
    expect(markdownTable(table).split('\n')).toEqual([
      '| a\\|b | 95 % |',
      '|---|---:|',
      '| *ResNet\\_18* |  |',
      '| x & y<sup>a</sup> | **-92.48 ± 0.91**<sup>\\*</sup> |',
    ]);
  });

  it('write LaTeX', () => {
    expect(latexTable(table).split('\n')).toEqual([
      '\\begin{tabular}{lr}',
      '\\toprule',
      'a|b & 95 \\% \\\\',
      '\\midrule',
      '\\multicolumn{2}{l}{\\emph{ResNet\\_18}} \\\\',
      'x \\& y\\textsuperscript{a} & {\\bfseries $-$92.48 $\\pm$ 0.91}\\rlap{\\textsuperscript{*}} \\\\',
      '\\bottomrule',
      '\\end{tabular}',
    ]);
    expect(latexText('\\{}$&#%_^~<>')).toBe(
      '\\textbackslash{}\\{\\}\\$\\&\\#\\%\\_\\textasciicircum{}\\textasciitilde{}\\textless{}\\textgreater{}',
    );
  });

  it('write plain cells', () => {
    expect(plainTable(table).rows).toEqual([
      ['ResNet_18', ''],
      ['x & ya', '-92.48 ± 0.91*'],
    ]);
  });

  it('write CSV in full precision', () => {
    expect(
      csvTable(
        ['name', 'value'],
        [
          ['a, "b"', 0.1 + 0.2],
          ['c', null],
        ],
      ),
    ).toBe('name,value\n"a, ""b""",0.30000000000000004\nc,\n');
  });

  it('write any table of text', () => {
    const plain = { columns: [{ title: '' }, { title: 'AUC' }], rows: [['resnet18', '0.9']] };
    expect(renderTable(plain, 'md')).toBe('|  | AUC |\n|---|---|\n| resnet18 | 0.9 |\n');
    expect(renderTable(plain, 'csv')).toBe(',AUC\nresnet18,0.9\n');
    expect(JSON.parse(renderTable(plain, 'json'))).toEqual([{ '': 'resnet18', AUC: '0.9' }]);
    expect(renderTable(plain, 'tex')).toContain('resnet18 & 0.9 \\\\');
  });

  it('break lines at spaces', () => {
    expect(wrapText('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrapText('shufflenetv2-nam-db x', 5)).toEqual(['shufflenetv2-nam-db', 'x']);
  });
});
