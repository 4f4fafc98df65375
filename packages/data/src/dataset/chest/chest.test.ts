import { describe, expect, it } from 'vitest';
import { splitDataset } from '../../split/splitDataset.js';
import { images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../openDataset.js';
import { recommendAugmentation } from '../recommendAugmentation.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

/** Header of the published Data_Entry_2017.csv, with its empty last column, and rows in its form. */
const ENTRIES = `Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],
00000001_000.png,Cardiomegaly,0,1,58,M,PA,2682,2749,0.143,0.143,
00000001_001.png,Cardiomegaly|Emphysema,1,1,58,M,PA,2894,2729,0.143,0.143,
00000002_000.png,No Finding,0,2,81,M,PA,2500,2048,0.171,0.171,
00000003_000.png,Hernia,0,3,81,F,PA,2582,2991,0.143,0.143,
00000003_001.png,Hernia|Infiltration|Pleural_Thickening,1,3,74,F,PA,2500,2048,0.168,0.168,
00000004_000.png,Mass|Nodule,0,4,82,M,AP,2500,2048,0.168,0.168,
`;
const XRAYS = images([
  'images_001/images/00000001_000.png',
  'images_001/images/00000001_001.png',
  'images_001/images/00000002_000.png',
  'images_001/images/00000003_000.png',
  'images_002/images/00000003_001.png',
  'images_002/images/00000004_000.png',
]);
const NIH = {
  ...XRAYS,
  'Data_Entry_2017.csv': ENTRIES,
  'BBox_List_2017.csv':
    'Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000004_000.png,Mass,225.0,547.0,86.7,79.1,,,\n',
  'train_val_list.txt': '00000001_000.png\n00000001_001.png\n00000002_000.png\n',
  'test_list.txt': '00000003_000.png\n00000003_001.png\n00000004_000.png\n',
};

describe('ChestX-ray14', () => {
  it('has its 14 findings in their published order, its patients and its split', async () => {
    const dataset = await open(await makeTree(NIH));
    expect(dataset.kind).toBe('chestxray14');
    expect(dataset.task).toBe('multilabel');
    expect(dataset.classes.join(' ')).toBe(
      'Atelectasis Cardiomegaly Effusion Infiltration Mass Nodule Pneumonia Pneumothorax Consolidation Edema Emphysema Fibrosis Pleural_Thickening Hernia',
    );
    const found = dataset.samples.map(({ findings }) =>
      dataset.classes.filter((_, f) => findings![f] === 1).join('|'),
    );
    expect(found).toEqual([
      'Cardiomegaly',
      'Cardiomegaly|Emphysema',
      '',
      'Hernia',
      'Infiltration|Pleural_Thickening|Hernia',
      'Mass|Nodule',
    ]);
    expect(dataset.samples.map(({ id, group, split }) => [id, group, split])).toEqual([
      ['images_001/images/00000001_000.png', '1', 'training'],
      ['images_001/images/00000001_001.png', '1', 'training'],
      ['images_001/images/00000002_000.png', '2', 'training'],
      ['images_001/images/00000003_000.png', '3', 'test'],
      ['images_002/images/00000003_001.png', '3', 'test'],
      ['images_002/images/00000004_000.png', '4', 'test'],
    ]);
    expect(dataset.givenSplit).toEqual({
      source: 'the lists train_val_list.txt and test_list.txt',
      leaks: [],
    });
    expect(dataset.notes).toEqual(
      expect.arrayContaining([
        'Read as ChestX-ray14 because of the columns of Data_Entry_2017.csv (kind: chestxray14; --task multiclass reads its labels as classes).',
        'ChestX-ray14: 6 of 112,120 published images.',
        'The split is given by the lists train_val_list.txt and test_list.txt: 3 training, 0 validation and 3 test images (--given-split ignore splits all images anew).',
      ]),
    );
    expect((await recommendAugmentation(dataset)).preset).toBe('xray');
  });

  it('leaves out or joins findings, and gives up its split, as the options say', async () => {
    const path = await makeTree(NIH);
    const labelMap = { Hernia: null, Mass: 'Lesion', Nodule: 'Lesion' };
    const dataset = await open(path, { labelMap, givenSplit: 'ignore' });
    expect(dataset.kind).toBe('chestxray14');
    expect(dataset.classes).toHaveLength(12);
    expect(dataset.classes).toContain('Lesion');
    expect(dataset.givenSplit).toBeUndefined();
    expect(dataset.samples.every(({ split }) => split === undefined)).toBe(true);
    const chosen = await open(path, {
      findings: ['Hernia', 'Mass'],
      labelMap: Object.fromEntries(
        ['Cardiomegaly', 'Emphysema', 'Infiltration', 'Pleural_Thickening', 'Nodule'].map(
          (name) => [name, null],
        ),
      ),
    });
    expect(chosen.samples.map(({ findings }) => findings)).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  it('is read without its lists, with all images in one folder, and by the path of its table', async () => {
    const flat = Object.fromEntries(
      Object.entries(XRAYS).map(([name, image]) => [`images/${name.split('/').at(-1)}`, image]),
    );
    const path = await makeTree({ ...flat, 'Data_Entry_2017_v2020.csv': ENTRIES });
    for (const given of [path, `${path}/Data_Entry_2017_v2020.csv`]) {
      const dataset = await open(given);
      expect(dataset.kind).toBe('chestxray14');
      expect(dataset.samples.map(({ group }) => group)).toEqual(['1', '1', '2', '3', '3', '4']);
      expect(dataset.givenSplit).toBeUndefined();
    }
  });

  it('has a leak if a list was changed so that a patient is in both', async () => {
    const path = await makeTree({
      ...NIH,
      'train_val_list.txt': `${NIH['train_val_list.txt']}00000003_000.png\n`,
      'test_list.txt': '00000003_001.png\n00000004_000.png\n',
    });
    expect((await openIssues(path))[0]).toContain(
      'data: 1 patient is in more than one part of the split given by the lists train_val_list.txt and test_list.txt',
    );
  });

  it('reports labels that are not its findings', async () => {
    const path = await makeTree({
      ...XRAYS,
      'Data_Entry_2017.csv': ENTRIES.replace('Mass|', 'Masss|'),
    });
    expect(await openIssues(path)).toEqual([
      expect.stringContaining(
        'Data_Entry_2017.csv:7 (00000004_000.png): unknown finding "Masss" (did you mean "Mass"?',
      ),
    ]);
  });
});

/** Header of CheXpert's train.csv and valid.csv, and rows in its form. */
const HEADER =
  'Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices\n';
const TRAIN = `${HEADER}CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg,Female,68,Frontal,AP,1.0,,,,,,,,,0.0,,,,1.0
CheXpert-v1.0-small/train/patient00002/study2/view1_frontal.jpg,Female,87,Frontal,AP,,,-1.0,1.0,,-1.0,-1.0,,-1.0,,-1.0,,1.0,
CheXpert-v1.0-small/train/patient00002/study1/view1_frontal.jpg,Female,83,Frontal,AP,,,,1.0,,,-1.0,,,,,,1.0,
CheXpert-v1.0-small/train/patient00002/study1/view2_lateral.jpg,Female,83,Lateral,,,,,1.0,,,-1.0,,,,,,1.0,
`;
const VALID = `${HEADER}CheXpert-v1.0-small/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,AP,0.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0
`;
const PATHS = [
  'train/patient00001/study1/view1_frontal.jpg',
  'train/patient00002/study1/view1_frontal.jpg',
  'train/patient00002/study1/view2_lateral.jpg',
  'train/patient00002/study2/view1_frontal.jpg',
  'valid/patient64541/study1/view1_frontal.jpg',
];
const CHEXPERT = { ...images(PATHS), 'train.csv': TRAIN, 'valid.csv': VALID };

describe('CheXpert', () => {
  it('has its 14 observations, its patients from the paths, and its tables as split', async () => {
    const dataset = await open(await makeTree(CHEXPERT));
    expect(dataset.kind).toBe('chexpert');
    expect(dataset.task).toBe('multilabel');
    expect(dataset.classes.join(',')).toBe(HEADER.trim().split(',').slice(5).join(','));
    expect(dataset.samples.map(({ id, group, split }) => [id, group, split])).toEqual([
      [PATHS[0], 'patient00001', 'training'],
      [PATHS[1], 'patient00002', 'training'],
      [PATHS[2], 'patient00002', 'training'],
      [PATHS[3], 'patient00002', 'training'],
      [PATHS[4], 'patient64541', 'validation'],
    ]);
    // Blank: not mentioned, so absent; -1: uncertain, so not known.
    expect(dataset.samples.map(({ findings }) => findings!.join(' '))).toEqual([
      '1 0 0 0 0 0 0 0 0 0 0 0 0 1',
      '0 0 0 1 0 0 -1 0 0 0 0 0 1 0',
      '0 0 0 1 0 0 -1 0 0 0 0 0 1 0',
      '0 0 -1 1 0 -1 -1 0 -1 0 -1 0 1 0',
      '0 1 0 0 0 0 0 0 0 0 0 0 0 0',
    ]);
    expect(dataset.givenSplit).toEqual({ source: 'train.csv and valid.csv', leaks: [] });
    expect(dataset.notes).toEqual(
      expect.arrayContaining([
        'Read as CheXpert because of the columns of train.csv (kind: chexpert).',
        'CheXpert, train.csv / valid.csv: 4 / 1 images; published: 223,414 / 234; differs by -223,410 / -233.',
        'In CheXpert, a blank cell is a finding that the report does not mention: it counts as absent, unless --blank says otherwise.',
        '7 uncertain cells (-1) count as not known (ignore).',
        '40 blank cells count as absent (zeros).',
      ]),
    );
  });

  it.each([
    ['ones', undefined, '0 0 1 1 0 1 1 0 1 0 1 0 1 0'],
    ['zeros', 'ignore', '-1 -1 0 1 -1 0 0 -1 0 -1 0 -1 1 -1'],
  ] as const)('counts uncertain as %s and blank as %s', async (uncertain, blank, expected) => {
    const { samples } = await open(await makeTree(CHEXPERT), { uncertain, blank });
    expect(samples[3].findings!.join(' ')).toBe(expected);
  });

  it('reads the findings of the competition, one view, or one table', async () => {
    const path = await makeTree(CHEXPERT);
    const labelColumns = [
      'Atelectasis',
      'Cardiomegaly',
      'Consolidation',
      'Edema',
      'Pleural Effusion',
    ];
    const five = await open(path, { labelColumns, view: 'frontal' });
    expect(five.classes).toEqual(labelColumns);
    expect(five.samples.map(({ id }) => id)).toEqual(
      PATHS.filter((name) => name.includes('frontal')),
    );
    expect(five.notes).toContain(
      'CheXpert, frontal views only: 3 / 1 images in train.csv / valid.csv.',
    );
    const alone = await open(`${path}/train.csv`);
    expect(alone.kind).toBe('chexpert');
    expect(alone.samples).toHaveLength(4);
    expect(alone.givenSplit).toBeUndefined();
  });

  it('is read in full size, in a folder of another name, and with the test set', async () => {
    const test = 'test/patient64741/study1/view1_frontal.jpg';
    const path = await makeTree({
      ...images(PATHS),
      [test]: { seed: 99 },
      'train.csv': TRAIN.replaceAll('-small', ''),
      'valid.csv': VALID.replaceAll('-small', ''),
      'test_labels.csv': `${HEADER.replace('Sex,Age,Frontal/Lateral,AP/PA,', '')}${test},0.0,0.0,1.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0,0.0\n`,
    });
    const { samples, givenSplit } = await open(path);
    expect(samples.find(({ split }) => split === 'test')?.id).toBe(test);
    expect(givenSplit?.source).toBe('train.csv, valid.csv and test_labels.csv');
    const { split } = splitDataset({ samples: samples.filter((_, i) => i !== 4), classes: [] });
    expect(split.test.map(({ id }) => id)).toEqual([test]);
  });

  it('is read as classes if the options describe some', async () => {
    const path = await makeTree({
      ...CHEXPERT,
      'valid.csv': VALID.replace('CheXpert-v1.0-small/', ''),
    });
    const table = `${path}/valid.csv`;
    expect(await openIssues(table, { labelColumn: 'Edema' })).toEqual([
      expect.stringContaining('has only one class, "0.0"'),
    ]);
    expect(await openIssues(path, { kind: 'chexpert', task: 'multiclass' })).toEqual([
      'data.task: got "multiclass", but a data set of kind "chexpert" has several findings per image (kind: csv reads its labels as classes)',
    ]);
  });
});
