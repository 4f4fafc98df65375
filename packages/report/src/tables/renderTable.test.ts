import { describe, expect, it } from 'vitest';
import { latexTable, latexText } from './latexTable.js';
import { markdownTable } from './markdownTable.js';
import { csvTable, renderTable } from './renderTable.js';
import { plainTable, type StyledTable } from './table.js';

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

describe('markdownTable', () => {
  it('escapes text and renders headings, bold cells and marks', () => {
    expect(markdownTable(table).split('\n')).toEqual([
      '| a\\|b | 95 % |',
      '|---|---:|',
      '| *ResNet\\_18* |  |',
      '| x & y<sup>a</sup> | **-92.48 ± 0.91**<sup>\\*</sup> |',
    ]);
  });
});

describe('latexTable', () => {
  it('escapes text and renders headings, bold cells, marks and minus signs', () => {
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
  });
});

describe('latexText', () => {
  it('sets the rules of operating points as relations', () =>
    expect(latexText('a<b: specificity>=0.95, <=')).toBe(
      'a\\textless{}b: specificity$\\geq$0.95, $\\leq$',
    ));

  it('escapes every special character', () => {
    expect(latexText('\\{}$&#%_^~<>')).toBe(
      '\\textbackslash{}\\{\\}\\$\\&\\#\\%\\_\\textasciicircum{}\\textasciitilde{}\\textless{}\\textgreater{}',
    );
  });
});

describe('plainTable', () => {
  it('appends marks to the text and puts headings into the first column', () => {
    expect(plainTable(table).rows).toEqual([
      ['ResNet_18', ''],
      ['x & ya', '-92.48 ± 0.91*'],
    ]);
  });
});

describe('csvTable', () => {
  it('quotes fields and writes numbers in full precision', () => {
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
});

describe('renderTable', () => {
  it('renders a table of plain text in every format', () => {
    const plain = { columns: [{ title: '' }, { title: 'AUC' }], rows: [['resnet18', '0.9']] };
    expect(renderTable(plain, 'md')).toBe('|  | AUC |\n|---|---|\n| resnet18 | 0.9 |\n');
    expect(renderTable(plain, 'csv')).toBe(',AUC\nresnet18,0.9\n');
    expect(JSON.parse(renderTable(plain, 'json'))).toEqual([{ '': 'resnet18', AUC: '0.9' }]);
    expect(renderTable(plain, 'tex')).toContain('resnet18 & 0.9 \\\\');
  });
});
