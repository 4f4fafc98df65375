import { describe, expect, it } from 'vitest';
import { encodeImage, images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import type { DataOptions } from '../dataOptionsSchema.js';
import { openDataset, type OpenedDataset } from '../openDataset.js';

const open = (path: string, options: Partial<DataOptions> = {}): Promise<OpenedDataset> =>
  openDataset({ path, workers: 0, cacheFolder: null, ...options });
const numbers = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => name.replace('#', String(i + 1)));
const countsOf = ({ samples, classes }: OpenedDataset): Record<string, number> =>
  Object.fromEntries(
    classes.map((name, label) => [name, samples.filter((sample) => sample.label === label).length]),
  );

const first = {
  ...images([
    ...numbers('COVID-19/COVID-19 (#).png', 11),
    'COVID-19/COVID-19(99).png',
    'COVID-19/16660_1_1.png',
    ...numbers('NORMAL/NORMAL (#).png', 4),
    ...numbers('Viral Pneumonia/Viral Pneumonia (#).png', 3),
  ]),
  'COVID-19.metadata.xlsx': 'PK',
  'NORMAL.metadata.xlsx': 'PK',
  'Viral Pneumonia.matadata.xlsx': 'PK',
  'README.md.txt': 'text',
};
const inside = (folder: string, files: Record<string, unknown>): Parameters<typeof makeTree>[0] =>
  Object.fromEntries(
    Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]),
  ) as Parameters<typeof makeTree>[0];

/** A later release: images and masks beside each other under the same names. */
const later = (counts: Record<string, number>): Parameters<typeof makeTree>[0] => ({
  ...images(
    Object.entries(counts).flatMap(([name, count]) =>
      numbers(`${name}/images/${name}-#.png`, count),
    ),
  ),
  ...images(
    Object.entries(counts).flatMap(([name, count]) =>
      numbers(`${name}/masks/${name}-#.png`, count),
    ),
    50_000,
  ),
});

describe('the COVID-19 Radiography Database', () => {
  it('is read in its first release, even one folder deeper, with unusual names, in natural order', async () => {
    const dataset = await open(await makeTree(inside('COVID-19 Radiography Database', first)));
    expect(countsOf(dataset)).toEqual({ 'COVID-19': 13, Normal: 4, 'Viral Pneumonia': 3 });
    expect(dataset.samples.slice(0, 4).map(({ id }) => id)).toEqual([
      'COVID-19/16660_1_1.png',
      'COVID-19/COVID-19 (1).png',
      'COVID-19/COVID-19 (2).png',
      'COVID-19/COVID-19 (3).png',
    ]);
    expect(dataset.name).toBe('COVID-19 Radiography Database');
    expect(dataset.notes).toEqual([
      'Read as the COVID-19 Radiography Database because of the folders COVID-19, NORMAL, Viral Pneumonia (kind: covid19-radiography).',
      'First release (COVID-19 / Normal / Viral Pneumonia): 13 / 4 / 3 images; published: 219 / 1,341 / 1,345; differs by -206 / -1,337 / -1,342.',
      'Each image is its own group in a split; if several images show the same patient, use --group-column or --group-pattern.',
    ]);
  });

  it('is read in its first update, with folder names in any case', async () => {
    const dataset = await open(
      await makeTree(
        images([
          ...numbers('covid/COVID (#).png', 5),
          ...numbers('Normal/NORMAL (#).png', 3),
          ...numbers('VIRAL PNEUMONIA/Viral Pneumonia (#).png', 2),
        ]),
      ),
    );
    expect(countsOf(dataset)).toEqual({ 'COVID-19': 5, Normal: 3, 'Viral Pneumonia': 2 });
    expect(dataset.notes[1]).toMatch(
      /^First update \(COVID-19 \/ Normal \/ Viral Pneumonia\): 5 \/ 3 \/ 2 images; published: 1,200 \/ 1,341 \/ 1,345;/,
    );
  });

  it('is read in a later release without the masks, which are neither images nor lesion masks', async () => {
    const files = {
      ...later({ COVID: 6, Lung_Opacity: 5, Normal: 7, 'Viral Pneumonia': 4 }),
      'COVID/images/COVID-7.png': await encodeImage({ seed: 777, channels: 1 }),
      'COVID/stray.png': { seed: 778 },
    };
    const dataset = await open(
      await makeTree(inside('archive/COVID-19_Radiography_Dataset', files)),
    );
    expect(countsOf(dataset)).toEqual({
      'COVID-19': 7,
      Lung_Opacity: 5,
      Normal: 7,
      'Viral Pneumonia': 4,
    });
    expect(
      dataset.samples.every(({ id, mask }) => id.includes('/images/') && mask === undefined),
    ).toBe(true);
    expect(dataset.samples.find(({ id }) => id === 'COVID/images/COVID-7.png')?.facts.color).toBe(
      'grey',
    );
    expect(dataset.notes).toContain(
      'Later release (COVID-19 / Lung_Opacity / Normal / Viral Pneumonia): 7 / 5 / 7 / 4 images; published: 3,616 / 6,012 / 10,192 / 1,345; differs by -3,609 / -6,007 / -10,185 / -1,341.',
    );
    expect(dataset.notes).toContain('Mask folders are not read: they show lungs, not lesions.');
    expect(dataset.notes).toContain('Images outside images/ are ignored: COVID/stray.png.');
    const flat = await open(
      await makeTree(
        images([
          ...numbers('COVID/COVID-#.png', 3),
          ...numbers('Normal/Normal-#.png', 3),
          ...numbers('Viral Pneumonia/Viral Pneumonia-#.png', 3),
        ]),
      ),
    );
    expect(flat.notes[1]).toContain('Later release');
  });

  it('uses the classes that are named, in their order', async () => {
    const folder = await makeTree(
      later({ COVID: 3, Lung_Opacity: 3, Normal: 3, 'Viral Pneumonia': 3 }),
    );
    const dataset = await open(folder, { classes: ['Normal', 'COVID-19'] });
    expect(dataset.classes).toEqual(['Normal', 'COVID-19']);
    expect(countsOf(dataset)).toEqual({ Normal: 3, 'COVID-19': 3 });
    expect(dataset.notes).toContain('Left out: Lung_Opacity, Viral Pneumonia.');
    expect(await openIssues(folder, { classes: ['Normal', 'Covid'] })).toEqual([
      '<set>: class "Covid" has no images (add images, or remove the class)',
    ]);
    const merged = await open(folder, {
      labelMap: {
        'COVID-19': 'covid',
        Normal: 'other',
        'Viral Pneumonia': 'other',
        Lung_Opacity: null,
      },
    });
    expect(countsOf(merged)).toEqual({ covid: 3, other: 6 });
  });

  it('is not recognized in other sets of chest X-rays', async () => {
    const folder = await makeTree(images(['COVID-19/1.png', 'NORMAL/1.png', 'Pneumonia/1.png']));
    expect((await open(folder)).classes).toEqual(['COVID-19', 'NORMAL', 'Pneumonia']);
    expect(await openIssues(folder, { kind: 'covid19-radiography' })).toEqual([
      '<set>: contains no class folders of the COVID-19 Radiography Database (COVID-19 or COVID, NORMAL, Viral Pneumonia (and Lung_Opacity), here or up to two folders below)',
    ]);
    const twice = await makeTree(
      images(['COVID/1.png', 'COVID-19/1.png', 'Normal/1.png', 'Viral Pneumonia/1.png']),
    );
    expect(await openIssues(twice)).toEqual([
      '<set>/COVID: is a second folder of its class (one folder per class)',
    ]);
  });

  it('is read as a given split if it was divided into train and test, but not as the whole data set', async () => {
    const names = ['COVID/1.png', 'Normal/1.png', 'Viral Pneumonia/1.png'];
    const divided = await makeTree(
      images([...names.map((name) => `test/${name}`), ...names.map((name) => `train/${name}`)]),
    );
    const { kind, classes, samples } = await open(divided);
    expect(kind).toBe('folder');
    expect(classes).toEqual(['COVID', 'Normal', 'Viral Pneumonia']);
    expect(samples.filter(({ split }) => split === 'test')).toHaveLength(3);
    expect(await openIssues(divided, { kind: 'covid19-radiography' })).toEqual([
      '<set>: contains class folders of the COVID-19 Radiography Database in 2 places: <set>/test, <set>/train (use one of these folders as the path, or put all images into one folder per class)',
    ]);
  });

  it('emulates its first release from a later one, by number', async () => {
    const folder = await makeTree(
      later({ COVID: 230, Lung_Opacity: 2, Normal: 6, 'Viral Pneumonia': 5 }),
    );
    const { samples, classes, notes } = await open(folder, { release: 'first' });
    expect(classes).toEqual(['COVID-19', 'Normal', 'Viral Pneumonia']);
    expect(samples.filter(({ label }) => label === 0).map(({ id }) => id)).toEqual(
      numbers('COVID/images/COVID-#.png', 219),
    );
    expect(notes).toContain(
      'First release from these files (COVID-19 / Normal / Viral Pneumonia): 219 / 6 / 5 images; published: 219 / 1,341 / 1,345; differs by 0 / -1,335 / -1,340. The first images of each class by number; whether the COVID-19 ones are the same 219 is unknown.',
    );
    expect(notes).toContain('Left out: Lung_Opacity.');
  });
});
