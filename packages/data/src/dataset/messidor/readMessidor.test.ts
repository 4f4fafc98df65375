import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { splitByGroup } from '../../split/splitByGroup.js';
import { encodeImage, images, makeTree } from '../../testing/imageTree.js';
import { annotationFile, type MessidorRow, messidorRows } from '../../testing/messidorFiles.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });
const byXlwt = (name: string): Buffer =>
  readFileSync(fileURLToPath(new URL(`../../../test/annotations/${name}`, import.meta.url)));

const rows = messidorRows();
const of = (base: string): MessidorRow[] => rows.filter((row) => row.base === base);
const countsOf = ({ samples, classes }: OpenedDataset): number[] =>
  classes.map((_, label) => samples.filter((sample) => sample.label === label).length);
const labelOf = ({ samples, classes }: OpenedDataset, part: string): string =>
  classes[samples.find(({ id }) => id.toLowerCase().includes(part.toLowerCase()))!.label];
const groupOf = ({ samples }: OpenedDataset, part: string): string | undefined =>
  samples.find(({ id }) => id.includes(part))!.group;

describe('all of MESSIDOR', () => {
  let [folder, cacheFolder]: string[] = [];
  beforeAll(async () => {
    cacheFolder = await makeTree({});
    const files: Parameters<typeof makeTree>[0] = Object.fromEntries(
      rows.map(({ base, name }, seed) => [
        `Base${base}/${name}`,
        { seed, width: 6, height: 4, format: 'tiff' },
      ]),
    );
    const bases = [...new Set(rows.map(({ base }) => base))];
    folder = await makeTree({
      ...files,
      ...Object.fromEntries(
        bases.map((base) => [`Annotation_Base${base}.xls`, annotationFile(of(base))]),
      ),
    });
  });

  it('has the published counts after applying the four corrections and dropping the 13 duplicates', async () => {
    const dataset = await open(folder, { cacheFolder });
    expect(dataset.classes).toEqual(['0', '1', '2', '3']);
    expect(dataset.samples).toHaveLength(1187);
    expect(dataset.notes).toEqual([
      'Read as MESSIDOR because of Annotation_Base11.xls (kind: messidor).',
      'MESSIDOR: 1,200 annotated images of 1,200 published, 1,187 without duplicates.',
      'Retinopathy grades 0 to 3: 547 / 153 / 246 / 254 images; published: 546 / 153 / 247 / 254. The corrections of 2016 explain the difference.',
      'Risk of macular edema 0 to 2: 974 / 75 / 151 images, as published.',
      "Grades as corrected by MESSIDOR's publishers: changed 63045: 3 to 0, 64007: 1 to 3, 63936: 3 to 1, 48477: 2 to 3.",
      "Left out 13 of the duplicates in Base33 that MESSIDOR's publishers list (dedupe: false keeps both images in the same split).",
      'MESSIDOR does not identify patients: the two eyes of one may end up in different sets of the split. The list of pairs of Messidor-2 joins 529 of them (option pairs).',
    ]);
    expect(labelOf(dataset, '63045')).toBe('0');
    expect(dataset.samples.some(({ id }) => id.includes('54744'))).toBe(false);
    expect(dataset.samples[0]).toMatchObject({ facts: { format: 'tiff' } });
  });

  it('keeps all 1,200 without errata and deduplication, with duplicates in the same split, in ten folds of 120', async () => {
    const dataset = await open(folder, {
      kind: 'messidor',
      errata: false,
      dedupe: false,
      cacheFolder,
    });
    expect(countsOf(dataset)).toEqual([546, 153, 247, 254]);
    expect(dataset.notes).toContain(
      'Retinopathy grades 0 to 3: 546 / 153 / 247 / 254 images, as published.',
    );
    expect(dataset.notes).toContain(
      'Kept 13 duplicate pairs in Base33, each in the same split; 1 of them with different labels: 20051202_55626_0400_PP.tif (2) and 20051205_33025_0400_PP.tif (3).',
    );
    for (const [left, right] of [
      ['55582', '54744'],
      ['55626', '33025'],
      ['32981', '35110'],
    ]) {
      expect(groupOf(dataset, left)).toBeDefined();
      expect(groupOf(dataset, right)).toBe(groupOf(dataset, left));
    }
    const folds = Array.from(
      { length: 10 },
      (_, repeat) =>
        splitByGroup(dataset.samples, { classes: dataset.classes, folds: 10, repeat }).test,
    );
    expect(folds.map(({ length }) => length)).toEqual(new Array(10).fill(120));
    expect(new Set(folds.flat().map(({ id }) => id)).size).toBe(1200);
    for (const test of folds) {
      const tested = new Set(test.map(({ id }) => id));
      const groups = new Set(test.flatMap(({ group }) => group ?? []));
      for (const { id, group } of dataset.samples)
        if (group !== undefined && groups.has(group)) expect(tested.has(id)).toBe(true);
    }
  });

  it.each<[NonNullable<DataOptions['label']>, string[], number[]]>([
    ['dme3', ['0', '1', '2'], [974, 75, 151]],
    ['dr-binary', ['no DR', 'DR'], [547, 653]],
    ['dr-referable', ['not referable', 'referable'], [700, 500]],
    ['dme-binary', ['no DME', 'DME'], [974, 226]],
  ])('offers the label %s', async (label, classes, counts) => {
    const dataset = await open(folder, { label, dedupe: false, cacheFolder });
    expect(dataset.classes).toEqual(classes);
    expect(countsOf(dataset)).toEqual(counts);
  });
});

/** A tree of some rows of Base11 with the given other files. */
const someTree = (
  names: readonly string[],
  files: Record<string, string | Uint8Array> = {},
): Promise<string> => makeTree({ ...images(names), ...files });
const six = of('11').slice(0, 6);
const sixNames = six.map(({ name }) => name);

describe('reads MESSIDOR as found on disk', () => {
  it('in one folder, converted and renamed in case, with annotations of xlwt inside', async () => {
    const folder = await someTree(
      [
        '20051019_38557_0100_pp.PNG',
        '20051020_43808_0100_PP.tiff.png',
        '20051020_63045_0100_PP.jpg',
        '20051020_64007_0100_PP.TIFF',
        '20051020_63936_0100_PP.webp',
      ].map((name) => name.replace('.tiff.png', '.png')),
      { 'Annotation_Base11.xls': byXlwt('Annotation_Base11.xls') },
    );
    const dataset = await open(folder);
    expect(
      dataset.samples.map(({ id, label }) => [id.split('_')[1], dataset.classes[label]]),
    ).toEqual([
      ['38557', '3'],
      ['43808', '0'],
      ['63045', '0'],
      ['63936', '1'],
      ['64007', '3'],
    ]);
    expect((await open(folder, { errata: false })).samples.map(({ label }) => label)).not.toEqual(
      dataset.samples.map(({ label }) => label),
    );
    expect((await open(folder, { errata: false })).notes).toContain(
      'Grades as in the annotation files, without the corrections of 2016.',
    );
  });

  it('with corrected files next to the original ones, which the errata leave unchanged', async () => {
    const names = [
      '20051019_38557_0100_PP.tif',
      '20051020_43808_0100_PP.tif',
      '20051020_63045_0100_PP.tif',
      '20051020_64007_0100_PP.tif',
      '20051020_63936_0100_PP.tif',
    ];
    const [before, after] = ['Annotation_Base11.xls', 'Annotation_Base11_update20161024.xls'];
    const trees = [
      { [before]: byXlwt(before) },
      { [after]: byXlwt(after) },
      { [`Base11/${before}`]: byXlwt(before), [after]: byXlwt(after) },
    ];
    const opened = await Promise.all(
      trees.map(async (files) =>
        open(
          await someTree(
            names.map((name) => `Base11/${name}`),
            files,
          ),
        ),
      ),
    );
    for (const dataset of opened)
      expect(dataset.samples.map(({ label }) => dataset.classes[label])).toEqual([
        '3',
        '0',
        '0',
        '1',
        '3',
      ]);
    expect(opened.map(({ fingerprint }) => fingerprint)).toEqual(
      new Array(3).fill(opened[0].fingerprint),
    );
    expect(opened[1].notes).toContain(
      "Grades as corrected by MESSIDOR's publishers: changed 63045: 3 to 0; already corrected in the files: 64007: 3, 63936: 1.",
    );
    expect(opened[2].notes).toContain(
      'Update files change 2 annotations: 20051020_64007_0100_PP.tif, 20051020_63936_0100_PP.tif.',
    );
  });

  it.each([
    ['xlsx', { 'annotation_base11.XLSX': annotationFile(six, 'xlsx') }],
    [
      'CSV',
      {
        'Annotation_Base11.csv': `Image name,Ophthalmologic department,Retinopathy grade,Risk of macular edema \n${six.map(({ name, retinopathy, edema }) => `${name},"Service, Paris",${retinopathy}.0,${edema}`).join('\n')}`,
      },
    ],
    [
      'CSV with an index column and semicolons',
      {
        'Annotation_Base11.csv': `;Image name;Ophthalmologic department;Retinopathy grade;Risk of macular edema \n${six.map(({ name, retinopathy, edema }, i) => `${i};${name};x;${retinopathy};${edema}`).join('\n')}`,
      },
    ],
    [
      'CSV without a header',
      {
        'Annotation_Base11.csv': six
          .map(
            ({ name, retinopathy, edema }) =>
              `${name.replace('.tif', '')},x,${retinopathy},${edema}`,
          )
          .join('\n'),
      },
    ],
  ])('with annotations as %s', async (_, files) => {
    const dataset = await open(await someTree(sixNames, files), { errata: false });
    expect(
      dataset.samples.map(({ id, label }) => [id, Number(dataset.classes[label])]).sort(),
    ).toEqual(six.map(({ name, retinopathy }) => [name, retinopathy]).sort());
  });

  it('with images and annotations that do not match, which are left out and counted', async () => {
    const folder = await someTree(
      [
        ...sixNames.slice(0, 5).map((name) => `Base11/${name}`),
        'Base11/20051019_99999_0100_PP.tif',
        'other picture.png',
        'masks/x.png',
      ],
      { 'Annotation_Base11.xls': annotationFile(six) },
    );
    const { samples, notes } = await open(folder);
    expect(samples).toHaveLength(5);
    expect(notes).toContain(
      '2 images without an annotation are left out: Base11/20051019_99999_0100_PP.tif, other picture.png.',
    );
    expect(notes).toContain(`1 annotation without an image is left out: ${six[5].name}.`);
    expect(notes).toContain('Mask folders are not read as images: masks.');
    expect(notes[1]).toBe('MESSIDOR: 5 annotated images of 1,200 published.');
  });

  it('with one image of a duplicate pair missing, keeping the other', async () => {
    const pair = rows.filter(({ name }) => /55582|54744|41076/.test(name));
    const others = of('33').slice(26, 32);
    const files = { 'Annotation_Base33.xls': annotationFile([...pair, ...others]) };
    const { samples } = await open(
      await someTree(
        [...pair.slice(1), ...others].map(({ name }) => name),
        files,
      ),
    );
    expect(samples.map(({ id }) => id)).toContain('20051202_54744_0400_PP.tif');
    expect(samples).toHaveLength(8);
  });

  it('with byte-equal duplicates of different labels, which are accepted only because they are known', async () => {
    const pair = rows.filter(({ name }) => /55626|33025/.test(name));
    const [same, others] = [await encodeImage({ seed: 900 }), of('33').slice(26, 32)];
    const files = {
      ...Object.fromEntries(pair.map(({ name }) => [name, same])),
      'Annotation_Base33.xls': annotationFile([...pair, ...others]),
    };
    const folder = await someTree(
      others.map(({ name }) => name),
      files,
    );
    expect((await open(folder)).samples).toHaveLength(7);
    const { samples } = await open(folder, { dedupe: false });
    expect(
      new Set(
        samples
          .filter(({ id }) => /55626|33025/.test(id))
          .map(({ group, label }) => `${group} ${label}`),
      ).size,
    ).toBe(2);
    const unknown = await someTree(sixNames.slice(2), {
      [six[0].name]: same,
      [six[1].name]: same,
      'Annotation_Base11.xls': annotationFile(six),
    });
    expect((await openIssues(unknown, { errata: false }))[0]).toContain('the same image is in');
  });

  it('with a list of pairs, which joins the eyes of an examination', async () => {
    const folder = await someTree(sixNames, {
      'Annotation_Base11.xls': annotationFile(six),
      'messidor-2.csv': `left;right\n${six[0].name.replace('.tif', '.png')};${six[4].name.replace('.tif', '.png')}\nIM0001.JPG;IM0002.JPG\n`,
    });
    const dataset = await open(folder, { pairs: 'messidor-2.csv' });
    expect(groupOf(dataset, six[0].name)).toBe(groupOf(dataset, six[4].name));
    expect(dataset.samples.filter(({ group }) => group !== undefined)).toHaveLength(2);
    expect(await openIssues(folder, { pairs: 'pairs.csv' })).toEqual([
      '<set>/pairs.csv: there is no such file',
    ]);
  });
});

describe('issues of a MESSIDOR folder', () => {
  it('are reported together, with file and row', async () => {
    const broken = annotationFile([
      { ...six[0], retinopathy: 4 },
      { ...six[1], edema: 3 },
      { ...six[2], retinopathy: 'two' as unknown as number },
      six[3],
      { ...six[3], edema: 2 },
      six[4],
    ]);
    const folder = await someTree(
      [
        ...sixNames,
        `copy/${six[5].name.replace('.tif', '.png')}`,
        'Base12/20051019_20000_0100_PP.tif',
      ],
      { 'Annotation_Base11.xls': broken },
    );
    expect(await openIssues(folder)).toEqual([
      `Annotation_Base11.xls:2: the retinopathy grade of "${six[0].name}" is "4" (0 to 3)`,
      `Annotation_Base11.xls:3: the risk of macular edema of "${six[1].name}" is "3" (0 to 2)`,
      `Annotation_Base11.xls:4: the retinopathy grade of "${six[2].name}" is "two" (0 to 3)`,
      `Annotation_Base11.xls:6: "${six[3].name}" has retinopathy ${six[3].retinopathy}, edema 2, but retinopathy ${six[3].retinopathy}, edema ${six[3].edema} in Annotation_Base11.xls:5 (remove the wrong one)`,
      `copy/${six[5].name.replace('.tif', '.png')}: has the same name as ${six[5].name} (remove one of them from the folder)`,
      '<set>: Base12 contains 1 image but no annotation file (put Annotation_Base12.xls next to or inside it, or remove the images)',
      '<set>: has only one class, "0" (a classifier needs at least two)',
    ]);
  });

  it('include two files that disagree, neither of which is a correction', async () => {
    const files = {
      'Annotation_Base11.xls': annotationFile(six),
      'Annotation_Base11.csv': six
        .map(
          ({ name, retinopathy, edema }, i) =>
            `${name},x,${i === 2 ? (retinopathy + 1) % 4 : retinopathy},${edema}`,
        )
        .join('\n'),
    };
    const issues = await openIssues(await someTree(sixNames, files));
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatch(
      /^Annotation_Base11\.(csv|xls):\d: ".*" has retinopathy \d, edema \d, but retinopathy \d, edema \d in Annotation_Base11\.(csv|xls):\d \(remove the wrong one\)$/,
    );
  });

  it('include missing annotations, without taking its packages for classes', async () => {
    const folder = await someTree(sixNames.map((name, index) => `Base1${1 + (index % 2)}/${name}`));
    expect(await openIssues(folder)).toEqual([
      '<set>: contains no annotation file of MESSIDOR (Annotation_Base11.xls to Annotation_Base34.xls, .xlsx or .csv, next to or inside the base folders)',
    ]);
    expect((await openDataset({ path: folder, kind: 'folder' })).classes).toEqual([
      'Base11',
      'Base12',
    ]);
  });

  it('include the absence of annotations and options that do not apply', async () => {
    const folder = await someTree(sixNames.map((name) => `Base11/${name}`));
    expect(await openIssues(folder, { kind: 'messidor' })).toEqual([
      '<set>: contains no annotation file of MESSIDOR (Annotation_Base11.xls to Annotation_Base34.xls, .xlsx or .csv, next to or inside the base folders)',
    ]);
    expect(
      await openIssues(folder, {
        kind: 'messidor',
        label: 'dr5',
        release: 'first',
        labelColumn: 'x',
        groupPattern: '^(\\d+)',
      }),
    ).toEqual([
      'data.labelColumn: does not apply to a data set of kind "messidor" (kinds: csv, eyepacs, aptos)',
      'data.groupPattern: does not apply to a data set of kind "messidor" (kinds: folder, covid19-radiography, csv, eyepacs, aptos, chestxray14, chexpert)',
      'data.release: does not apply to a data set of kind "messidor" (kinds: covid19-radiography)',
      'data.label: messidor does not have the label "dr5" (dr4, dme3, dr-binary, dr-referable, dme-binary)',
    ]);
    expect(await openIssues(folder, { label: 'dr6' as 'dr5' })).toEqual([
      'data.label: got "dr6" (one of "dr4", "dr5", "dme3", "dr-binary", "dr-referable", "dme-binary")',
    ]);
    const plain = await makeTree(images(['a/1.png', 'b/1.png']));
    expect(await openIssues(plain, { label: 'dr4', errata: false })).toEqual([
      'data.label: does not apply to a data set of kind "folder" (kinds: messidor, messidor2)',
      'data.errata: does not apply to a data set of kind "folder" (kinds: messidor)',
    ]);
  });
});
