import { createRandom } from '@nonlocal-med/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { splitByGroup } from '../split/splitByGroup.js';
import { images, makeTree } from '../testing/imageTree.js';
import { describeDataset } from './describeDataset.js';
import { openDataset } from './openDataset.js';

describe('describeDataset', () => {
  it('counts the contents and plans the split', async () => {
    const folder = await makeTree({
      ...images(Array.from({ length: 12 }, (_, i) => `a/p${Math.floor(i / 2)}_${i}.png`)),
      ...images(
        Array.from({ length: 6 }, (_, i) => `b/q${i}_0.png`),
        100,
      ),
      'b/copy.png': { seed: 100 },
      'b/wide.jpg': { seed: 200, width: 60, height: 40, channels: 1, format: 'jpeg' },
      'b/bad.png': 'text',
    });
    const dataset = await openDataset({
      path: folder,
      cacheFolder: null,
      workers: 0,
      groupPattern: '^(\\w\\d)_',
      onBadImage: 'skip',
    });
    const description = describeDataset(dataset, { test: 0.2, validation: 0.2 });
    expect(description).toMatchObject({
      images: 20,
      classes: [
        { name: 'a', images: 12, groups: 6, share: 0.6 },
        { name: 'b', images: 8, groups: 7, share: 0.4 },
      ],
      groups: { count: 13, largest: 2, imagesWithout: 1 },
      sizes: {
        smallest: { width: 24, height: 16 },
        median: { width: 24, height: 16 },
        largest: { width: 60, height: 40 },
        different: 2,
      },
      kinds: [
        { kind: 'rgb, 8 bit, png', images: 19 },
        { kind: 'grey, 8 bit, jpeg', images: 1 },
      ],
      duplicates: [['b/copy.png', 'b/q0_0.png']],
      masks: 0,
      split: {
        train: { images: 13, classCounts: [8, 5] },
        validation: { images: 3, classCounts: [2, 1] },
        test: { images: 4, classCounts: [2, 2] },
      },
    });
    expect(description.skipped).toHaveLength(1);
    expect(JSON.parse(JSON.stringify(description))).toEqual(description);
  });

  it('reports why a split is impossible, and describes images in memory', () => {
    const pixels = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
    const dataset = {
      name: 'memory',
      classes: ['a', 'b'],
      fingerprint: '',
      skipped: [],
      samples: [0, 0, 0, 1].map((label, i) => ({ id: String(i), label, pixels })),
    };
    const { kinds, sizes, split } = describeDataset(dataset);
    expect(kinds).toEqual([{ kind: 'rgb, 8 bit, in memory', images: 4 }]);
    expect(sizes.largest).toEqual({ width: 2, height: 2 });
    expect(split).toEqual({
      issues: [
        expect.objectContaining({
          message: 'class "b" has 1 image in 1 group, too few to be in train, validation, test',
        }),
      ],
    });
  });
});

describe('near duplicates', () => {
  const scene = (seed: number): Sharp => {
    const random = createRandom(seed, 'picture');
    const coarse = Uint8Array.from({ length: 20 * 20 }, () => random.integer(256));
    return sharp(coarse, { raw: { width: 20, height: 20, channels: 1 } }).resize(160, 120, {
      kernel: 'cubic',
      fit: 'fill',
    });
  };
  const tree = async (): Promise<string> => {
    const files: [string, Uint8Array][] = [];
    for (let i = 0; i < 20; i++)
      files.push(
        [`a/${i}.png`, await scene(i).png().toBuffer()],
        [
          `b/${i}.png`,
          await scene(100 + i)
            .png()
            .toBuffer(),
        ],
      );
    files.push(
      ['a/0 again.jpg', await scene(0).resize(80, 60).jpeg({ quality: 60 }).toBuffer()],
      ['b/0 of a.png', await scene(0).linear(1.1, 4).png().toBuffer()],
      ['b/copy.png', await scene(101).png().toBuffer()],
    );
    return makeTree(Object.fromEntries(files));
  };

  it('are found by their hash, with classes, sets and distance, separately from copies', async () => {
    const dataset = await openDataset({ path: await tree(), cacheFolder: null, workers: 0 });
    const { nearDuplicates, duplicates } = describeDataset(dataset, { seed: 1, test: 0.4 });
    expect(duplicates).toEqual([['b/1.png', 'b/copy.png']]);
    const side = (id: string): string | undefined =>
      nearDuplicates.flatMap(({ images: pair }) => pair).find((image) => image.id === id)?.side;
    expect(nearDuplicates.map(({ images: [a, b] }) => [a.id, b.id].sort()).sort()).toEqual([
      ['a/0 again.jpg', 'a/0.png'],
      ['a/0 again.jpg', 'b/0 of a.png'],
      ['a/0.png', 'b/0 of a.png'],
    ]);
    for (const {
      images: [a, b],
      distance,
      acrossClasses,
      acrossSplit,
    } of nearDuplicates) {
      expect(distance).toBeLessThanOrEqual(14);
      expect(acrossClasses).toBe(a.id.startsWith('b') || b.id.startsWith('b'));
      expect(acrossSplit).toBe(side(a.id) !== side(b.id));
    }
    const { train, validation, test } = splitByGroup(dataset.samples, {
      classes: dataset.classes,
      seed: 1,
      test: 0.4,
    });
    for (const [name, samples] of Object.entries({ train, validation, test }))
      for (const { id } of samples) expect([undefined, name]).toContain(side(id));
    expect(nearDuplicates.map(({ acrossSplit }) => acrossSplit)).toEqual([true, true, false]);
  });

  it('stay in the same split when they are joined', async () => {
    const dataset = await openDataset({
      path: await tree(),
      cacheFolder: null,
      workers: 0,
      nearDuplicates: 'join',
    });
    const groups = dataset.samples
      .filter(({ id }) => ['a/0 again.jpg', 'a/0.png', 'b/0 of a.png'].includes(id))
      .map(({ group }) => group);
    expect(groups).toEqual(new Array(3).fill('a/0 again.jpg'));
    expect(dataset.notes.at(-1)).toMatch(
      /^3 pairs of near duplicates stay in the same split: a\/0/,
    );
    for (let seed = 0; seed < 5; seed++)
      expect(
        describeDataset(dataset, { seed, test: 0.4 }).nearDuplicates.every(
          ({ acrossSplit }) => !acrossSplit,
        ),
      ).toBe(true);
  });
});
