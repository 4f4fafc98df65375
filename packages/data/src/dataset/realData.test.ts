import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { summarizeSplit } from '../split/split.js';
import { splitByGroup } from '../split/splitByGroup.js';
import { describeDataset } from './describeDataset.js';
import { openDataset } from './openDataset.js';

const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
const absent = !existsSync(folder) && 'the images for development are not beside the repository';

describe(`real images${absent === false ? '' : ` (skipped: ${absent})`}`, () => {
  it.skipIf(absent !== false)('opens class folders with patients in the file names', async () => {
    const dataset = await openDataset({
      path: `${folder}chest-xray`,
      groupPattern: '^(\\d{8})_\\d{3}',
      cacheFolder: null,
      workers: 2,
    });
    const { classes, groups, kinds, duplicates, nearDuplicates } = describeDataset(dataset);
    expect(classes.map(({ name, images }) => [name, images])).toEqual([
      ['COVID-19', 99],
      ['NORMAL', 400],
      ['Pneumonia', 399],
    ]);
    expect(groups.imagesWithout).toBe(99);
    expect(kinds.every(({ kind }) => kind.endsWith('8 bit, jpeg'))).toBe(true);
    // Looked at: both pairs are one image, and no other two of the 403,000 pairs are.
    expect(duplicates).toEqual([['NORMAL/00002658_001.jpg', 'NORMAL/00002658_002.jpg']]);
    expect(nearDuplicates.map(({ images }) => images.map(({ id }) => id.slice(9, 17)))).toEqual([
      ['E63574A7', 'F4341CE7'],
    ]);
  });

  it.skipIf(absent !== false)(
    'opens a manifest with patients, and splits it near the targets',
    async () => {
      const dataset = await openDataset({
        path: `${folder}fundus-dr`,
        cacheFolder: null,
        workers: 2,
      });
      const { classes, nearDuplicates } = describeDataset(dataset);
      // Looked at: the left and the right eye of this patient are one photograph.
      expect(
        nearDuplicates.map(({ images, distance }) => [...images.map(({ id }) => id), distance]),
      ).toEqual([['10363_left.jpg', '10363_right.jpg', 14]]);
      expect(classes.map(({ name, images }) => [name, images])).toEqual([
        ['0', 666],
        ['1', 47],
        ['2', 126],
        ['3', 25],
        ['4', 14],
      ]);
      const { test } = summarizeSplit(
        splitByGroup(dataset.samples, { classes: dataset.classes }),
        5,
      );
      [67, 5, 12, 3, 1].forEach((target, label) =>
        expect(Math.abs(test.classCounts[label] - target)).toBeLessThanOrEqual(1),
      );
    },
  );
});
