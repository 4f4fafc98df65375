import { utils, write } from '@e965/xlsx';
import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });

// Names as in messidor_data.csv: the first study's in .png, those of Brest as IM000001.JPG, whatever the files are called.
const files = images([
  'IMAGES/20051020_43808_0100_PP.png',
  'IMAGES/20051020_43832_0100_PP.tif',
  'IMAGES/IM000017.jpg',
  'IMAGES/im000018.JPG',
  'IMAGES/20051020_44261_0100_PP.png',
  'IMAGES/20051020_44284_0100_PP.png',
  'IMAGES/IM000099.JPG',
]);
const grades = [
  'image_id,adjudicated_dr_grade,adjudicated_dme,adjudicated_gradable',
  '20051020_43808_0100_PP.png,0.0,0.0,1',
  '20051020_43832_0100_PP.png,1,0,1',
  'IM000017.JPG,2,1,1',
  'IM000018.JPG,4,1,1',
  '20051020_44261_0100_PP.png,,,0',
  '20051020_44284_0100_PP.png,3,0,1',
  '20051020_45050_0100_PP.png,0,0,1',
].join('\n');
const pairs =
  'left;right\r\n20051020_43808_0100_PP.png;20051020_43832_0100_PP.png\r\nIM000017.JPG;IM000018.JPG\r\n20051020_44261_0100_PP.png;20051020_44284_0100_PP.png\r\n';
const all = { ...files, 'messidor_data.csv': grades, 'messidor-2.csv': pairs };

const labels = ({ samples, classes }: OpenedDataset): Record<string, string> =>
  Object.fromEntries(
    samples.map(({ id, label }) => [id.replace('IMAGES/', '').slice(0, 14), classes[label]]),
  );

describe('Messidor-2', () => {
  it('is recognized by its grades, keeps the eyes of an examination together and leaves out ungradable images', async () => {
    const folder = await makeTree(all);
    const dataset = await open(folder);
    expect(labels(dataset)).toEqual({
      '20051020_43808': '0',
      '20051020_43832': '1',
      'IM000017.jpg': '2',
      'im000018.JPG': '4',
      '20051020_44284': '3',
    });
    const groups = dataset.samples.map(({ group }) => group);
    expect([groups[0] === groups[1], groups[3] === groups[4], new Set(groups).size]).toEqual([
      true,
      true,
      3,
    ]);
    expect(dataset.notes).toEqual([
      'Read as Messidor-2 because of the columns of messidor_data.csv (kind: messidor2).',
      'Grades are from messidor_data.csv; the images of an examination (messidor-2.csv) stay in the same split: 2 pairs of 874 published.',
      'Adjudicated retinopathy grades 0 to 4: 1 / 1 / 1 / 1 / 1 images; published: 1,017 / 270 / 347 / 75 / 35; differs by -1,016 / -269 / -346 / -74 / -34.',
      'Left out as ungradable: 1 (20051020_44261_0100_PP.png).',
      'Left out as ungraded: 1 (IMAGES/IM000099.JPG).',
      'Grades without an image: 1 (20051020_45050_0100_PP.png).',
    ]);
    expect((await open(`${folder}/messidor_data.csv`)).fingerprint).toBe(dataset.fingerprint);
    expect(
      (await open(folder, { kind: 'messidor2', csv: 'messidor_data.csv', pairs: 'messidor-2.csv' }))
        .fingerprint,
    ).toBe(dataset.fingerprint);
  });

  it.each<[NonNullable<DataOptions['label']>, string[], string[]]>([
    ['dr-binary', ['no DR', 'DR'], ['no DR', 'DR', 'DR', 'DR', 'DR']],
    [
      'dr-referable',
      ['not referable', 'referable'],
      ['not referable', 'not referable', 'referable', 'referable', 'referable'],
    ],
    ['dme-binary', ['no DME', 'DME'], ['no DME', 'no DME', 'no DME', 'DME', 'DME']],
  ])('has the label %s', async (label, classes, expected) => {
    const dataset = await open(await makeTree(all), { label });
    expect(dataset.classes).toEqual(classes);
    expect(dataset.samples.map((sample) => classes[sample.label])).toEqual(expected);
  });

  it('reads the copy with the columns of APTOS and pairs from Excel, and reports missing pairs', async () => {
    const book = utils.book_new();
    utils.book_append_sheet(
      book,
      utils.aoa_to_sheet(
        pairs
          .trim()
          .split('\r\n')
          .map((line) => line.split(';')),
      ),
    );
    const renamed = grades.replace('image_id,adjudicated_dr_grade', 'id_code,diagnosis');
    const dataset = await open(
      await makeTree({
        ...files,
        'messidor_data.csv': renamed,
        'messidor-2.xls': write(book, { type: 'buffer', bookType: 'biff8' }) as Buffer,
      }),
    );
    expect(new Set(dataset.samples.map(({ group }) => group)).size).toBe(3);
    const alone = await open(await makeTree({ ...files, 'messidor_data.csv': renamed }));
    expect(alone.notes.at(-1)).toBe(
      'There is no list of pairs (messidor-2.csv): the two eyes of an examination may end up in different sets of the split.',
    );
  });

  it('reports invalid grades', async () => {
    expect(
      await openIssues(
        await makeTree({
          ...all,
          'messidor_data.csv': `${grades}\nIM000017.JPG,1,0,1\nIM000099.JPG,5,0,1\n,1,0,1\nIM000099.JPG,1\n`,
        }),
      ),
    ).toEqual([
      'messidor_data.csv:9: "IM000017.JPG" is listed twice (one line per image)',
      'messidor_data.csv:10: "IM000099.JPG" has the grade "5" and the edema "0" (grades 0 to 4, edema 0 or 1, unless adjudicated_gradable is 0)',
      'messidor_data.csv:11: no image is given (one image per line)',
      'messidor_data.csv:12: "IM000099.JPG" has the grade "1" and the edema "" (grades 0 to 4, edema 0 or 1, unless adjudicated_gradable is 0)',
    ]);
    const none = await makeTree({ ...files, 'messidor-2.csv': pairs });
    expect(await openIssues(none, { kind: 'messidor2' })).toEqual([
      '<set>: contains no table of adjudicated grades (messidor_data.csv with image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable; --kind messidor2 --data FOLDER/FILE.csv names it)',
    ]);
    expect(await openIssues(none, { kind: 'messidor2', csv: 'messidor-2.csv' })).toEqual([
      '<set>/messidor-2.csv: has the columns left, right (image_id, adjudicated_dr_grade, adjudicated_dme, adjudicated_gradable)',
    ]);
    expect(await openIssues(await makeTree(all), { label: 'dme3' })).toEqual([
      'data.label: messidor2 does not have the label "dme3" (dr5, dr-binary, dr-referable, dme-binary)',
    ]);
  });
});
