import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../../testing/imageTree.js';
import { openIssues } from '../../testing/openIssues.js';
import { describeDataset } from '../describeDataset.js';
import { openDataset } from '../openDataset.js';

const groupPattern = '(p\\d+)_';

/** p1 is in training and test, p2 in training and validation; p3 and p4 are in one set each. */
const leaking = images([
  'train/a/p1_1.png',
  'train/b/p2_1.png',
  'train/b/p2_2.png',
  'val/a/p2_3.png',
  'test/a/p1_2.png',
  'test/b/p3_1.png',
  'train/a/p4_1.png',
]);

describe('leaks of a given split', () => {
  it('are patients in two sets: an error with the list of patients', async () => {
    expect(await openIssues(await makeTree(leaking), { groupPattern })).toEqual([
      'data: 2 patients are in more than one part of the split given by the folders test, train and val (correct the split; or --allow-leaks trains anyway and records all of them, --given-split ignore splits anew by patient)',
      'patient (group) "p1": is in training (train/a/p1_1.png) and test (test/a/p1_2.png)',
      'patient (group) "p2": is in training (train/b/p2_1.png, train/b/p2_2.png) and validation (val/a/p2_3.png)',
    ]);
  });

  it('are identical images in two sets', async () => {
    const path = await makeTree({
      ...images(['train/a/1.png', 'train/b/2.png', 'test/b/3.png']),
      'test/a/copy.png': { seed: 0 },
    });
    expect(await openIssues(path)).toEqual([
      'data: 1 identical image is in more than one part of the split given by the folders test and train (correct the split; or --allow-leaks trains anyway and records all of them, --given-split ignore splits anew by patient)',
      'image test/a/copy.png: is in training (train/a/1.png) and test (test/a/copy.png): identical files',
    ]);
  });

  it('are listed up to a number, and all are counted first', async () => {
    const both = Array.from({ length: 30 }, (_, i) => [
      `train/a/p${i}_1.png`,
      `test/b/p${i}_2.png`,
    ]);
    const path = await makeTree(images([...both.flat(), 'train/b/x.png', 'test/a/y.png']));
    const issues = await openIssues(path, { groupPattern });
    expect(issues).toHaveLength(20);
    expect(issues[0]).toContain(
      'data: 30 patients are in more than one part of the split given by the folders test and train, of which the first 19 are listed',
    );
  });

  it('are recorded if they are allowed', async () => {
    const allowed = await openDataset({
      path: await makeTree({ ...leaking, 'test/a/copy.png': { seed: 6 } }),
      groupPattern,
      allowLeaks: true,
      workers: 0,
      cacheFolder: null,
    });
    expect(allowed.givenSplit?.leaks).toEqual([
      {
        kind: 'group',
        name: 'p1',
        images: { training: ['train/a/p1_1.png'], test: ['test/a/p1_2.png'] },
      },
      {
        kind: 'group',
        name: 'p2',
        images: {
          training: ['train/b/p2_1.png', 'train/b/p2_2.png'],
          validation: ['val/a/p2_3.png'],
        },
      },
      {
        kind: 'image',
        name: 'test/a/copy.png',
        images: { training: ['train/a/p4_1.png'], test: ['test/a/copy.png'] },
      },
    ]);
    expect(allowed.notes).toContain(
      'The given split leaks, which --allow-leaks permits: 2 patients and 1 identical image are in more than one part of it, so results are likely too good: patient (group) "p1" in training and test, patient (group) "p2" in training and validation, image test/a/copy.png in training and test.',
    );
    const described = describeDataset(allowed);
    expect(described.givenSplit?.leaks).toHaveLength(3);
    expect(described.split).toMatchObject({ train: { images: 4 }, test: { images: 3 } });
  });

  it('do not exist within one set', async () => {
    const path = await makeTree({
      ...images(['train/a/p1_1.png', 'train/b/p1_2.png', 'test/a/p2_1.png', 'test/b/p3_1.png']),
      'train/a/copy.png': { seed: 0 },
    });
    const { givenSplit, notes } = await openDataset({
      path,
      groupPattern,
      workers: 0,
      cacheFolder: null,
    });
    expect(givenSplit?.leaks).toEqual([]);
    expect(notes).toContain(
      '1 image is a copy of another in the same class: train/a/copy.png = train/a/p1_1.png.',
    );
  });

  it('include near duplicates only by refusing to join them', async () => {
    const path = await makeTree(leaking);
    expect(await openIssues(path, { nearDuplicates: 'join' })).toEqual([
      'data.nearDuplicates: got "join", but the split is given by the folders test, train and val, so no image can change its part (keep, which reports near duplicates across the split; or --given-split ignore)',
    ]);
  });
});
