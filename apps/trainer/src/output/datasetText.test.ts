import type { DatasetDescription } from '@nonlocal-med/data';
import { describe, expect, it } from 'vitest';
import { datasetText } from './datasetText.js';

type NearDuplicate = DatasetDescription['nearDuplicates'][number];

const pair = (
  index: number,
  sides: readonly ['train' | 'test', 'train' | 'test'],
): NearDuplicate => ({
  images: [
    { id: `COVID-19/images/COVID-${index}.png`, className: 'COVID-19', side: sides[0] },
    {
      id: `Viral Pneumonia/images/Viral Pneumonia-${index}.png`,
      className: 'Viral Pneumonia',
      side: sides[1],
    },
  ],
  distance: (index % 8) * 2,
  acrossClasses: true,
  acrossSplit: sides[0] !== sides[1],
});

const description: DatasetDescription = {
  name: 'COVID-19_Radiography_Dataset',
  fingerprint: 'f'.repeat(64),
  images: 20,
  masks: 0,
  skipped: [],
  classes: [
    { name: 'COVID-19', images: 12, groups: 12, share: 0.6 },
    { name: 'Viral Pneumonia', images: 8, groups: 8, share: 0.4 },
  ],
  groups: { count: 20, largest: 1, imagesWithout: 20 },
  sizes: {
    smallest: { width: 299, height: 299 },
    median: { width: 299, height: 299 },
    largest: { width: 299, height: 299 },
    different: 1,
  },
  kinds: [{ kind: 'grey, 8 bit, png', images: 20 }],
  factsByClass: [],
  duplicates: [],
  nearDuplicates: [],
  notes: [
    'Later release (COVID-19 / Lung_Opacity / Normal / Viral Pneumonia): 3,616 / 6,012 / 10,192 / 1,345 images, as published.',
  ],
  split: {
    train: { images: 14, groups: 14, classCounts: [8, 6] },
    validation: { images: 2, groups: 2, classCounts: [1, 1] },
    test: { images: 4, groups: 4, classCounts: [3, 1] },
  },
};

describe('datasetText', () => {
  it('fits 80 columns, including long names and sentences', () => {
    const text = datasetText({
      ...description,
      nearDuplicates: Array.from({ length: 14 }, (_, i) =>
        pair(i, i < 3 ? ['train', 'test'] : ['train', 'train']),
      ),
      duplicates: [
        [
          'COVID-19/images/COVID-1.png',
          'COVID-19/images/COVID-2.png',
          'COVID-19/images/COVID-3.png',
          'COVID-19/images/COVID-4.png',
        ],
      ],
    });
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(text).toMatch(
      /^similar {5}14 pairs of nearly equal images; 14 across classes, 3 across splits\n {12}COVID-19\/images\/COVID-0\.png \(COVID-19, train\) ~/m,
    );
    expect(text).toContain(
      '... and 4 more (--json lists all)\n            Use --set data.nearDuplicates=join to keep such pairs in one split.',
    );
    expect(text).toMatch(
      /^note {8}Later release \(COVID-19 \/ Lung_Opacity \/ Normal \/ Viral Pneumonia\):\n {12}3,616/m,
    );
    expect(text).toMatch(
      /^class +images +share +groups +train +validation +test\n[- ]+\nCOVID-19 +12 +60\.0 % +12 +8 +1 +3$/m,
    );
  });

  it('shows likely patients with the option on a line of its own, however long it is', () => {
    const option = `--group-pattern '^(.*\\d)[-_ ]?(?:[Ll]eft|[Rr]ight|LEFT|RIGHT|O[DS]|o[ds]|[LR])(?![A-Za-z0-9])'`;
    const text = datasetText({
      ...description,
      likelyGroups: {
        pattern: '',
        form: '',
        matched: 20,
        groups: 10,
        largest: 2,
        sharing: 20,
        testImages: 3,
        message: 'File names end with an eye or a side. To keep each patient in one split:',
        option,
      },
    });
    expect(text).toMatch(
      /^patients {4}File names end with an eye or a side\. To keep each patient/m,
    );
    expect(text.split('\n')).toContain(`            ${option}`);
  });

  it('reports briefly that nothing was found, and the issues of a split', () => {
    const text = datasetText({
      ...description,
      split: { issues: [{ path: 'split', message: 'class "b" has 1 image', hint: 'needs 3' }] },
    });
    expect(text).toMatch(/^duplicates {2}none\nsimilar {5}none$/m);
    expect(text).toMatch(/^issue {7}split: class "b" has 1 image \(needs 3\)$/m);
    expect(text).toMatch(/^class +images +share +groups$/m);
  });

  it('shows present, absent and unknown findings of each part of the split', () => {
    const findings: DatasetDescription = {
      ...description,
      name: 'chest',
      task: 'multilabel',
      imagesWithoutFinding: 5,
      classes: [
        { name: 'Enlarged Cardiomediastinum', images: 12, groups: 9, share: 0.75, absent: 4, unknown: 4 },
        { name: 'Edema', images: 1, groups: 1, share: 0.05, absent: 19, unknown: 0 },
      ], // prettier-ignore
      split: {
        train: { images: 14, groups: 14, classCounts: [8, 1], absentCounts: [3, 13] },
        validation: { images: 2, groups: 2, classCounts: [1, 0], absentCounts: [1, 2] },
        test: { images: 4, groups: 4, classCounts: [3, 0], absentCounts: [0, 4] },
      },
    };
    const lines = datasetText(findings).split('\n');
    expect(lines[0]).toBe('chest: 20 images, 2 findings');
    expect(lines.slice(2, 11).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['finding (present)', 'images', 'share', 'groups', 'train', 'validation', 'test'],
      expect.anything(),
      ['Enlarged Cardiomediastinum', '12', '75.0 %', '9', '8', '1', '3'],
      ['absent', '4', '3', '1', '0'],
      ['not known', '4', '3', '0', '1'],
      ['Edema', '1', '5.0 %', '1', '1', '0', '0'],
      ['absent', '19', '13', '2', '4'],
      ['not known', '0', '0', '0', '0'],
      ['all images', '20', '20', '14', '2', '4'],
    ]);
    expect(lines).toContain('no finding  5 images (25.0 %) have none of these findings');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    const known = findings.classes.map((entry) => ({ ...entry, unknown: 0 }));
    expect(datasetText({ ...findings, classes: known })).not.toContain('not known');
  });
});
