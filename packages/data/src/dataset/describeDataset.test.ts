import { describe, expect, it } from 'vitest';
import { images, makeTree } from '../testing/imageTree.js';
import { describeDataset } from './describeDataset.js';
import { openDataset } from './openDataset.js';

describe('describeDataset', () => {
  it('counts what there is and plans the split', async () => {
    const folder = await makeTree({
      ...images(Array.from({ length: 12 }, (_, i) => `a/p${Math.floor(i / 2)}_${i}.png`)),
      ...images(Array.from({ length: 6 }, (_, i) => `b/q${i}_0.png`), 100),
      'b/copy.png': { seed: 100 },
      'b/wide.jpg': { seed: 200, width: 60, height: 40, channels: 1, format: 'jpeg' },
      'b/bad.png': 'text',
    });
    const dataset = await openDataset({ path: folder, cacheFolder: null, workers: 0, groupPattern: '^(\\w\\d)_', onBadImage: 'skip' });
    const description = describeDataset(dataset, { test: 0.2, validation: 0.2 });
    expect(description).toMatchObject({
      images: 20,
      classes: [{ name: 'a', images: 12, groups: 6, share: 0.6 }, { name: 'b', images: 8, groups: 7, share: 0.4 }],
      groups: { count: 13, largest: 2, imagesWithout: 1 },
      sizes: { smallest: { width: 24, height: 16 }, median: { width: 24, height: 16 }, largest: { width: 60, height: 40 }, different: 2 },
      kinds: [{ kind: 'rgb, 8 bit, png', images: 19 }, { kind: 'grey, 8 bit, jpeg', images: 1 }],
      duplicates: [['b/copy.png', 'b/q0_0.png']],
      masks: 0,
      split: { train: { images: 13, classCounts: [8, 5] }, validation: { images: 3, classCounts: [2, 1] }, test: { images: 4, classCounts: [2, 2] } },
    });
    expect(description.skipped).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it('says what stands against a split, and describes images in memory', () => {
    const pixels = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
    const dataset = { name: 'memory', classes: ['a', 'b'], fingerprint: '', skipped: [], samples: [0, 0, 0, 1].map((label, i) => ({ id: String(i), label, pixels })) };
    const { kinds, sizes, split } = describeDataset(dataset);
    expect(kinds).toEqual([{ kind: 'rgb, 8 bit, in memory', images: 4 }]);
    expect(sizes.largest).toEqual({ width: 2, height: 2 });
    expect(split).toEqual({ faults: [expect.objectContaining({ what: 'class "b" has 1 image in 1 group, too few to be in train, validation, test' })] });
  });
});
