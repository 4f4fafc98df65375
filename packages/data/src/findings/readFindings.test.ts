import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/imageTree.js';
import type { FindingOptions } from './findingOptions.js';
import { type FindingTable, readFindings } from './readFindings.js';

async function read(content: string, options: FindingOptions): Promise<FindingTable> {
  return readFindings(join(await makeTree({ 'labels.csv': content }), 'labels.csv'), options);
}

const labelsOf = ({ rows }: FindingTable): (readonly number[])[] =>
  rows.map(({ findings }) => findings);

/** Header and values as published in CheXpert's train.csv. */
const CHEXPERT = `Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity
CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,1.0,,,
CheXpert-v1.0-small/train/patient00002/study2/view1_frontal.jpg,Female,87,Frontal,AP,,,-1.0,1.0
CheXpert-v1.0-small/train/patient00003/study1/view1_frontal.jpg,Male,41,Frontal,AP,,0.0,1.0,-1.0
`;
const CHEXPERT_COLUMNS = ['Cardiomegaly', 'Lung Opacity', 'Enlarged Cardiomediastinum'];

/** Header and values as published in ChestX-ray14's Data_Entry_2017.csv. */
const CHESTXRAY14 = `Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],
00000001_000.png,Cardiomegaly,0,1,58,M,PA,2682,2749,0.143,0.143,
00000001_001.png,Cardiomegaly|Emphysema,1,1,58,M,PA,2894,2729,0.143,0.143,
00000002_000.png,No Finding,0,2,81,M,PA,2500,2048,0.171,0.171,
00000003_000.png,Hernia,0,3,81,F,PA,2582,2991,0.143,0.143,
`;

describe('readFindings', () => {
  it.each([
    [
      'ignore',
      'ignore',
      [
        [-1, -1, -1],
        [-1, 1, -1],
        [1, -1, 0],
      ],
    ],
    [
      'zeros',
      'ignore',
      [
        [-1, -1, -1],
        [0, 1, -1],
        [1, 0, 0],
      ],
    ],
    [
      'ones',
      'zeros',
      [
        [0, 0, 0],
        [1, 1, 0],
        [1, 1, 0],
      ],
    ],
    [
      'ignore',
      'zeros',
      [
        [0, 0, 0],
        [-1, 1, 0],
        [1, -1, 0],
      ],
    ],
    [
      'zeros',
      'ones',
      [
        [1, 1, 1],
        [0, 1, 1],
        [1, 0, 0],
      ],
    ],
  ] as const)(
    'reads CheXpert with uncertain: %s and blank: %s',
    async (uncertain, blank, expected) => {
      const table = await read(CHEXPERT, { labelColumns: CHEXPERT_COLUMNS, uncertain, blank });
      expect(table.findings).toEqual(CHEXPERT_COLUMNS);
      expect(labelsOf(table)).toEqual(expected);
    },
  );

  it('says what uncertain and blank cells count as, and which findings no row has', async () => {
    const { notes, columns, rows } = await read(CHEXPERT, {
      labelColumns: CHEXPERT_COLUMNS,
      blank: 'zeros',
    });
    expect(notes).toEqual([
      '2 uncertain cells (-1) count as not known (ignore).',
      '4 blank cells count as absent (zeros).',
      'No row has "Enlarged Cardiomediastinum": nothing can be learned about it.',
    ]);
    expect(rows[2].cells[columns.indexOf('Sex')]).toBe('Male');
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 4]);
  });

  it("reads ChestX-ray14's list of findings, and keeps the other columns", async () => {
    const table = await read(CHESTXRAY14, { labelColumn: 'Finding Labels' });
    expect(table.findings).toEqual(['Cardiomegaly', 'Emphysema', 'Hernia']);
    expect(labelsOf(table)).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 0],
      [0, 0, 1],
    ]);
    const patient = table.columns.indexOf('Patient ID');
    expect(table.rows.map(({ cells }) => cells[patient])).toEqual(['1', '1', '2', '3']);
    expect(table.notes).toEqual([]);
  });

  it('reads a column that lists findings, which are in alphabetical order unless given', async () => {
    const content = 'id,labels,\na,Mass|Effusion,\nb, No Finding,\nc,Effusion | Hernia,\n';
    const table = await read(content, { labelColumn: 'labels' });
    expect(table.findings).toEqual(['Effusion', 'Hernia', 'Mass']);
    expect(labelsOf(table)).toEqual([
      [1, 0, 1],
      [0, 0, 0],
      [1, 1, 0],
    ]);
    const given = await read(content, {
      labelColumn: 'labels',
      findings: ['Mass', 'Edema', 'Hernia', 'Effusion'],
    });
    expect(labelsOf(given)).toEqual([
      [1, 0, 0, 1],
      [0, 0, 0, 0],
      [0, 0, 1, 1],
    ]);
    expect(given.notes).toEqual(['No row has "Edema": nothing can be learned about it.']);
  });

  it('takes another separator and another name for no finding', async () => {
    const options = { labelColumn: 'labels', labelSeparator: ';', noFinding: 'normal' };
    const table = await read('id,labels\na,mass;edema\nb,normal\n', options);
    expect(labelsOf(table)).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });

  it.each([
    ['ignore', [-1, -1], '1 blank cell counts as not known (ignore).'],
    ['zeros', [0, 0], '1 blank cell counts as absent (zeros).'],
  ] as const)('reads a blank list with blank: %s', async (blank, expected, note) => {
    const { rows, notes } = await read('id,labels\na,Mass|Edema\nb,\n', {
      labelColumn: 'labels',
      blank,
    });
    expect(rows[1].findings).toEqual(expected);
    expect(notes).toEqual([note]);
  });

  it.each<[string, string, FindingOptions, string]>([
    [
      'a value that is not a label',
      'id,mass\na,1\nb,2\n',
      { labelColumns: ['mass'] },
      'labels.csv:3: "2" in column "mass" is not a label (1 present, 0 absent, -1 uncertain, or empty)',
    ],
    [
      'a word',
      'id,mass\na,yes\n',
      { labelColumns: ['mass'] },
      'labels.csv:2: "yes" in column "mass" is not a label',
    ],
    [
      'a missing column',
      'id,mass\na,1\n',
      { labelColumns: ['mas'] },
      'labels.csv:1: unknown column "mas" (did you mean "mass"? known: id, mass)',
    ],
    [
      'a column that is listed twice',
      'id,mass\na,1\n',
      { labelColumns: ['mass', 'mass'] },
      'findings.labelColumns: "mass" is listed twice',
    ],
    [
      'both kinds of columns',
      'id,mass\na,1\n',
      { labelColumns: ['mass'], labelColumn: 'mass' },
      'findings: both are given of labelColumns and labelColumn',
    ],
    ['no column', 'id,mass\na,1\n', {}, 'findings: none is given of labelColumns and labelColumn'],
    [
      'a finding that is not in the list',
      'id,labels\na,Efusion|Mass\n',
      { labelColumn: 'labels', findings: ['Effusion', 'Mass'] },
      'labels.csv:2: unknown finding "Efusion" (did you mean "Effusion"?',
    ],
    [
      'no finding with a finding',
      'id,labels\na,Mass\nb,No Finding|Mass\n',
      { labelColumn: 'labels' },
      'labels.csv:3: "No Finding|Mass" lists "No Finding" together with findings',
    ],
    [
      'a finding twice in a cell',
      'id,labels\na,Mass|Mass\n',
      { labelColumn: 'labels' },
      'labels.csv:2: "Mass|Mass" lists "Mass" twice',
    ],
    [
      'an empty label',
      'id,labels\na,Mass||Edema\n',
      { labelColumn: 'labels' },
      'labels.csv:2: "Mass||Edema" lists an empty label',
    ],
    [
      'labels that differ in letter case only',
      'id,labels\na,Mass\nb,mass\n',
      { labelColumn: 'labels' },
      '"Mass" and "mass" differ in letter case only',
    ],
    [
      'only images without findings',
      'id,labels\na,No Finding\n',
      { labelColumn: 'labels' },
      'no row has a finding',
    ],
    [
      'blank lists as ones',
      'id,labels\na,Mass\n',
      { labelColumn: 'labels', blank: 'ones' },
      'findings.blank: got "ones"',
    ],
    [
      'a policy that does not exist',
      'id,mass\na,1\n',
      { labelColumns: ['mass'], uncertain: 'twos' as 'ones' },
      'findings.uncertain: got "twos"',
    ],
  ])('refuses %s, with the line and the value', async (...[, content, options, message]) => {
    await expect(read(content, options)).rejects.toThrow(message);
  });
});
