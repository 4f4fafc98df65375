import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { noise } from '../../test/golden/patterns.js';
import { colorStatistics } from '../testing/colorStatistics.js';
import { countBlobs } from '../testing/countBlobs.js';
import { logisticRegression, macroAuc } from '../testing/logisticRegression.js';
import { enlargeCubic } from './smoothNoise.js';
import { tinyLesionsDataset, tinyLesionsImage } from './tinyLesions.js';

describe('enlargeCubic', () => {
  it('equals OpenCV', () => {
    // cv2.resize(5 x 5 noise, (32, 32), INTER_CUBIC), by opencv.py
    const { cubic } = JSON.parse(
      readFileSync(new URL('../../test/golden/opencv_more.json', import.meta.url), 'utf8'),
    ) as { cubic: number[] };
    const fine = enlargeCubic({ size: 5, data: Float32Array.from(noise(25, 8, 3)) }, 32);
    cubic.forEach((value, i) => expect(Math.abs(fine.data[i] - value)).toBeLessThan(1e-3));
  });
});

describe('tinyLesionsImage', () => {
  const images = Array.from({ length: 40 }, (_, index) => tinyLesionsImage({ index }));

  it('has the number of dots of its grade', () => {
    const limits = [
      [0, 0],
      [1, 5],
      [6, 14],
      [15, 28],
    ];
    images.forEach(({ label, count }, index) => {
      expect(label).toBe(index % 4);
      expect(count).toBeGreaterThanOrEqual(limits[label][0]);
      expect(count).toBeLessThanOrEqual(limits[label][1]);
    });
  });

  it('marks separate dots of 1.5 to 4 pixels in the mask', () => {
    for (const { mask, count, pixels } of images) {
      expect([mask.channels, mask.width, mask.height]).toEqual([1, pixels.width, pixels.height]);
      const covered = mask.data.reduce((sum, value) => sum + value, 0);
      // pi/4 * diameter squared is 1.8 to 12.6 pixels; the mask's rim is within half a pixel
      expect(covered).toBeGreaterThanOrEqual(count);
      expect(covered).toBeLessThanOrEqual(count * 18);
    }
  });

  it('paints dots darker than their surroundings', () => {
    let differences = 0;
    let dots = 0;
    for (const { mask, pixels } of images) {
      mask.data.forEach((value, i) => {
        if (value === 0 || mask.data[i - 1] === 1 || mask.data[i - 96] === 1) return;
        dots++;
        differences +=
          (pixels.data[3 * (i - 4) + 1] + pixels.data[3 * (i - 4 * 96) + 1]) / 2 -
          pixels.data[3 * i + 1];
      });
    }
    expect(dots).toBeGreaterThan(300);
    expect(differences / dots).toBeGreaterThan(12);
  });

  it('depends only on seed, size and index, in any order', () => {
    expect(tinyLesionsImage({ index: 17 })).toEqual(images[17]);
    expect(tinyLesionsImage({ index: 17, seed: 1 }).pixels).not.toEqual(images[17].pixels);
    // the picture as every machine makes it
    expect(createHash('sha256').update(images[7].pixels.data).digest('hex').slice(0, 16)).toBe(
      '6ce95f12e185799f',
    );
  });

  it('with two classes, alternates images without dots and images of the other three grades', () => {
    const grades = Array.from({ length: 12 }, (_, index) =>
      tinyLesionsImage({ index, classes: 2, size: 64 }),
    );
    expect(grades.map(({ label }) => label)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    const counts = grades.map(({ count }) => count).filter((count) => count > 0);
    expect(counts.map((count) => (count > 14 ? 3 : count > 5 ? 2 : 1))).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('fits the largest number of dots into the smallest image', () => {
    for (let index = 3; index < 120; index += 4)
      expect(tinyLesionsImage({ index, size: 64 }).count).toBeGreaterThan(14);
  });

  it('rejects an invalid size or index', () => {
    expect(() => tinyLesionsImage({ index: 0, size: 40 })).toThrow(
      'an integer size of at least 64, got 40.',
    );
    expect(() => tinyLesionsImage({ index: -1 })).toThrow('got -1');
  });
});

describe('tinyLesionsDataset', () => {
  it('returns samples with masks, a fingerprint and disjoint ranges', () => {
    const all = tinyLesionsDataset({ count: 8, size: 64 });
    expect(all.samples.map(({ label }) => label)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
    expect(new Set(all.samples.map(({ id }) => id)).size).toBe(8);
    expect(
      all.samples.every(({ mask, pixels }) => typeof mask === 'object' && pixels?.width === 64),
    ).toBe(true);
    const rest = tinyLesionsDataset({ count: 3, first: 5, size: 64 });
    expect(rest.samples).toEqual(all.samples.slice(5));
    expect(rest.fingerprint).not.toBe(all.fingerprint);
    expect(tinyLesionsDataset({ count: 8, size: 64 }).fingerprint).toBe(all.fingerprint);
  });
});

describe('the task', () => {
  // docs/synthetic.md on the same recipe: color statistics .512 (logistic), blob counter .850, chance .5
  const train = tinyLesionsDataset({ count: 600, seed: 101 });
  const test = tinyLesionsDataset({ count: 400, seed: 102 });
  const areaOf = (
    features: (pixels: NonNullable<(typeof train.samples)[0]['pixels']>) => number[],
  ): number => {
    const rows = (set: typeof train): number[][] =>
      set.samples.map(({ pixels }) => features(pixels!));
    const probabilities = logisticRegression(
      { features: rows(train), labels: train.samples.map(({ label }) => label) },
      rows(test),
      { classes: 4 },
    );
    return macroAuc(
      test.samples.map(({ label }) => label),
      probabilities,
    );
  };

  it('cannot be solved from colors alone', () => {
    expect(areaOf(colorStatistics)).toBeLessThan(0.6);
  });

  it('can be solved by counting dots', () => {
    expect(areaOf(countBlobs)).toBeGreaterThan(0.75);
  });
});
