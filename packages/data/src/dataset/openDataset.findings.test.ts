import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../testing/imageTree.js';
import { openIssues } from '../testing/openIssues.js';
import type { DataOptions } from './dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from './openDataset.js';

const files = images(['images/a.png', 'images/b.png', 'images/c.png', 'images/d.png']);
const tree = (table: string): Promise<string> => makeTree({ ...files, 'labels.csv': table });
const open = async (
  table: string,
  options: Partial<DataOptions>,
  path?: string,
): Promise<OpenedDataset> =>
  openDataset({ path: path ?? (await tree(table)), workers: 0, cacheFolder: null, ...options });
const findingsOf = ({ samples }: OpenedDataset): unknown[] =>
  samples.map(({ id, label, findings }) => [id, label, findings]);

const COLUMNS = `file,patient,effusion,mass,hernia
a.png,1,1,0,0
b.png,1,-1,,0.0
c.png,2,1.0,1,0
d.png,3,0,0,0
`;
const LIST = `file,patient,labels
a.png,1,effusion
b.png,1,
c.png,2,effusion|mass
d.png,3,No Finding
`;
const labelColumns = ['effusion', 'mass', 'hernia'];

describe('a manifest with one column per finding', () => {
  it('gives each image its findings, with what is uncertain or blank not known', async () => {
    const dataset = await open(COLUMNS, { labelColumns });
    expect(dataset.task).toBe('multilabel');
    expect(dataset.classes).toEqual(labelColumns);
    expect(findingsOf(dataset)).toEqual([
      ['a.png', -1, [1, 0, 0]],
      ['b.png', -1, [-1, -1, 0]],
      ['c.png', -1, [1, 1, 0]],
      ['d.png', -1, [0, 0, 0]],
    ]);
    expect(dataset.samples.map(({ group }) => group)).toEqual(['1', '1', '2', '3']);
    expect(dataset.notes).toEqual(
      expect.arrayContaining([
        '1 uncertain cell (-1) counts as not known (ignore).',
        '1 blank cell counts as not known (ignore).',
        'No row has "hernia": nothing can be learned about it.',
      ]),
    );
  });

  it.each([
    ['zeros', 'ones', [0, 1, 0]],
    ['ones', 'zeros', [1, 0, 0]],
  ] as const)('counts uncertain as %s and blank as %s', async (uncertain, blank, expected) => {
    const { samples } = await open(COLUMNS, { labelColumns, uncertain, blank });
    expect(samples[1].findings).toEqual(expected);
  });

  it('has another fingerprint if one finding of one image differs', async () => {
    const path = await tree(COLUMNS);
    const fingerprint = async (options: Partial<DataOptions>): Promise<string> =>
      (await open('', { labelColumns, ...options }, path)).fingerprint;
    const known = await fingerprint({});
    expect(await fingerprint({})).toBe(known);
    expect(await fingerprint({ uncertain: 'zeros' })).not.toBe(known);
    expect(await fingerprint({ uncertain: 'zeros' })).not.toBe(
      await fingerprint({ uncertain: 'ones' }),
    );
  });

  it('reports every cell that is not a label, with its line and image', async () => {
    const table = 'file,mass\na.png,yes\nb.png,1\nc.png,2\nd.png,0\n';
    expect(await openIssues(await tree(table), { labelColumns: ['mass'] })).toEqual([
      'labels.csv:2 (a.png): "yes" in column "mass" is not a label (1 present, 0 absent, -1 uncertain, or empty)',
      'labels.csv:4 (c.png): "2" in column "mass" is not a label (1 present, 0 absent, -1 uncertain, or empty)',
    ]);
  });

  it('reports columns that do not exist', async () => {
    expect(await openIssues(await tree(COLUMNS), { labelColumns: ['effusion', 'mas'] })).toEqual([
      'labels.csv:1: there is no column "mas" (--label-columns) (did you mean "mass"? known: file, patient, effusion, mass, hernia)',
    ]);
  });
});

describe('a manifest with a column that lists findings', () => {
  it('gives all that occur, in alphabetical order', async () => {
    const dataset = await open(LIST, { task: 'multilabel', labelColumn: 'labels' });
    expect(dataset.classes).toEqual(['effusion', 'mass']);
    expect(findingsOf(dataset)).toEqual([
      ['a.png', -1, [1, 0]],
      ['b.png', -1, [-1, -1]],
      ['c.png', -1, [1, 1]],
      ['d.png', -1, [0, 0]],
    ]);
    expect(dataset.notes).toEqual(
      expect.arrayContaining([
        '1 blank cell counts as not known (ignore).',
        '1 image without any known finding: nothing is learned from it, and it is not tested.',
      ]),
    );
  });

  it('gives those of the option, in its order, with another separator and another word for none', async () => {
    const table = LIST.replaceAll('|', ' + ').replace('No Finding', 'normal');
    const dataset = await open(table, {
      labelColumn: 'labels',
      findings: ['mass', 'nodule', 'effusion'],
      labelSeparator: '+',
      noFinding: 'normal',
      blank: 'zeros',
    });
    expect(dataset.classes).toEqual(['mass', 'nodule', 'effusion']);
    expect(dataset.samples.map(({ findings }) => findings)).toEqual([
      [0, 0, 1],
      [0, 0, 0],
      [1, 0, 1],
      [0, 0, 0],
    ]);
    expect(dataset.notes).toContain('No row has "nodule": nothing can be learned about it.');
  });

  it('reports findings that are not in the list, with their line', async () => {
    const options = { labelColumn: 'labels', findings: ['effusion', 'hernia'] };
    expect(await openIssues(await tree(LIST), options)).toEqual([
      'labels.csv:4 (c.png): unknown finding "mass" (known: effusion, hernia, No Finding)',
    ]);
  });

  it('names the option if it is read as classes', async () => {
    const { task, classes, notes } = await open(LIST.replace('1,\n', '1,mass\n'), {
      labelColumn: 'labels',
    });
    expect(task).toBeUndefined();
    expect(classes).toContain('effusion|mass');
    expect(notes.join('\n')).toContain(
      '1 label names several findings, and each combination is a separate class, such as "effusion|mass": --task multilabel learns whether each finding is present;',
    );
  });
});

describe('labelMap with several findings', () => {
  it('renames, joins and leaves out findings, and keeps the others', async () => {
    const dataset = await open(COLUMNS, {
      labelColumns,
      labelMap: { effusion: 'opacity', mass: 'opacity' },
    });
    expect(dataset.classes).toEqual(['opacity', 'hernia']);
    expect(dataset.samples.map(({ findings }) => findings)).toEqual([
      [1, 0],
      [-1, 0],
      [1, 0],
      [0, 0],
    ]);
    expect(dataset.notes).toContain(
      '"opacity" is present where "effusion" or "mass" is (labelMap).',
    );
    const without = await open(COLUMNS, { labelColumns, labelMap: { hernia: null } });
    expect(without.classes).toEqual(['effusion', 'mass']);
    expect(without.notes).toContain('1 finding left out by labelMap: "hernia".');
    expect(without.notes.join()).not.toContain('No row has');
  });

  it('goes together with a list of findings: these are the names after renaming', async () => {
    const options = { labelColumn: 'labels', findings: ['pleural effusion'] };
    const dataset = await open(LIST, {
      ...options,
      labelMap: { effusion: 'pleural effusion', mass: null },
    });
    expect(dataset.classes).toEqual(['pleural effusion']);
    expect(dataset.samples.map(({ findings }) => findings)).toEqual([[1], [-1], [1], [0]]);
    expect(
      await openIssues(await tree(LIST), {
        ...options,
        labelMap: { effusion: 'pleural effusion', mass: 'tumor' },
      }),
    ).toEqual([
      'data.labelMap: "tumor" is not one of the findings (data.findings: pleural effusion)',
    ]);
  });

  it('must name findings that exist', async () => {
    expect(
      await openIssues(await tree(COLUMNS), { labelColumns, labelMap: { hernai: null } }),
    ).toEqual([
      'data.labelMap: unknown finding "hernai" (did you mean "hernia"? known: effusion, mass, hernia)',
    ]);
  });
});

describe('copies of an image with several findings', () => {
  const copies = (second: string): Promise<string> =>
    makeTree({
      ...files,
      'images/copy.png': { seed: 0 },
      'labels.csv': `${COLUMNS}copy.png,4,${second}\n`,
    });

  it('stay together if their findings do not contradict each other', async () => {
    const dataset = await open('', { labelColumns }, await copies('1,,0'));
    const [a, , , copy] = dataset.samples;
    expect(copy.id).toBe('copy.png');
    expect(copy.group).toBe(a.group);
    expect(dataset.notes).toContain(
      '1 image is a copy of another with the same findings and stays in the same split: a.png = copy.png.',
    );
  });

  it('are an issue if one has a finding that the other has not', async () => {
    expect(await openIssues(await copies('1,1,0'), { labelColumns })).toEqual([
      'labels.csv:2 (a.png): the same image has other findings: "effusion", and "effusion, mass" in labels.csv:6 (copy.png) (copies must not contradict each other: correct the findings, or remove the wrong ones)',
    ]);
  });
});

describe('options of several findings', () => {
  it.each<[Partial<DataOptions>, string]>([
    [
      { labelColumns, labelColumn: 'labels' },
      '(labelColumns and labelColumn are mutually exclusive)',
    ],
    [
      { labelColumns, ordered: true },
      'data.ordered: got true (does not apply to several findings per image (task multilabel))',
    ],
    [{ labelColumns, classes: ['a', 'b'] }, '(does not apply to several findings per image'],
    [
      { labelColumns, labelThresholds: [1] },
      'data.labelThresholds: got [1] (does not apply to several',
    ],
    [{ labelColumns, findings: ['mass'] }, 'data.findings: has no effect with labelColumns'],
    [{ labelColumns, labelSeparator: ';' }, 'data.labelSeparator: has no effect with labelColumns'],
    [{ labelColumns: ['mass', 'mass'] }, 'data.labelColumns: "mass" is listed twice'],
    [
      { task: 'multilabel', uncertain: 'ones' },
      'data.uncertain: has no effect with a label column',
    ],
    [{ task: 'multilabel', blank: 'ones' }, 'data.blank: got "ones", but a blank cell'],
    [
      { uncertain: 'ones' },
      'data.uncertain: has an effect on several findings per image only (--task multilabel)',
    ],
    [{ task: 'multiclass', labelColumns }, 'data.labelColumns: has an effect on several findings'],
  ])('%j is refused', async (options, message) => {
    expect((await openIssues(await tree(COLUMNS), options))[0]).toContain(message);
  });

  it('do not apply to folders of classes', async () => {
    const path = await makeTree(images(['a/1.png', 'b/2.png']));
    expect(await openIssues(path, { task: 'multilabel', labelColumns: ['x'] })).toEqual([
      'data.labelColumns: does not apply to a data set of kind "folder" (kinds: csv, chexpert)',
      'data.task: got "multilabel", but a data set of kind "folder" has one label per image (a CSV or Excel manifest tells several findings: one column each, or a column such as "Effusion|Mass")',
    ]);
  });
});

describe('a given split of images with several findings', () => {
  it('is read from a column or from lists', async () => {
    const table = COLUMNS.split('\n')
      .map((line, i) =>
        line === '' ? '' : `${line},${['split', 'train', 'train', 'val', 'test'][i]}`,
      )
      .join('\n');
    const byColumn = await open(table, { labelColumns });
    expect(byColumn.samples.map(({ split }) => split)).toEqual([
      'training',
      'training',
      'validation',
      'test',
    ]);
    const path = await makeTree({ ...files, 'labels.csv': LIST, 'test.txt': 'c.png\nd.png\n' });
    const byList = await open(
      '',
      { task: 'multilabel', labelColumn: 'labels', splitFile: { test: join(path, 'test.txt') } },
      path,
    );
    expect(byList.samples.map(({ split }) => split)).toEqual([
      'training',
      'training',
      'test',
      'test',
    ]);
  });
});
