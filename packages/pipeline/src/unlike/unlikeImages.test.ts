import { createUnlikeCheck, type UnlikeCheck } from '@nonlocal-med/classifier';
import { createRandom, defaultPreprocessing, type Pixels } from '@nonlocal-med/core';
import { pixelStatistics, type ViewStatistics } from '@nonlocal-med/data';
import type { TrainingStatistics } from '@nonlocal-med/runs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitStatistics } from './fitStatistics.js';
import { describeUnlike, reportUnlike } from './unlikeImages.js';

const SIDE = 64;

/** A gray image like a radiograph: a bright body with two dark lungs and a dark frame, which vary in size and level. */
function radiograph(seed: number): Pixels {
  const random = createRandom(seed, 'radiograph');
  const vary = (mean: number, spread: number): number =>
    random.uniform(mean - spread / 2, mean + spread / 2);
  const [body, lung, frame] = [vary(170, 40), vary(70, 40), vary(30, 30)];
  const [centerX, centerY, radius] = [vary(32, 4), vary(26, 4), vary(9, 3)];
  const data = new Uint8Array(SIDE * SIDE);
  for (let y = 0, i = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++, i++) {
      const inLung = (side: number): boolean =>
        Math.hypot((x - centerX - side * 14) / radius, (y - centerY) / (1.7 * radius)) < 1;
      const inFrame = x < 4 || x >= SIDE - 4;
      const level = inFrame ? frame : inLung(1) || inLung(-1) ? lung : body - 0.4 * y;
      data[i] = Math.round(Math.min(255, Math.max(0, level + vary(0, 10))));
    }
  return { data, width: SIDE, height: SIDE, channels: 1 };
}

const statisticsOf = (pixels: Pixels): ViewStatistics =>
  pixelStatistics(pixels, defaultPreprocessing);

const mapLevels = (pixels: Pixels, change: (level: number, index: number) => number): Pixels => ({
  ...pixels,
  data: pixels.data.map((level, index) => Math.min(255, change(level, index))),
});

let statistics: TrainingStatistics;
let check: UnlikeCheck;
beforeAll(() => {
  const images = Array.from({ length: 400 }, (_, seed) => statisticsOf(radiograph(seed)));
  statistics = { ...fitStatistics(images)!, heldOut: null };
  check = createUnlikeCheck(statistics);
});

describe('images unlike the training images', () => {
  it('are about 1 % of other images of the same kind', () => {
    const others = Array.from({ length: 1000 }, (_, k) => statisticsOf(radiograph(10_000 + k)));
    const flagged = others.filter((image) => check(image).distance > 1).length;
    // 99 % of the probability for a true rate of 1 % and for a limit estimated from 400 images.
    expect(flagged).toBeGreaterThan(0);
    expect(flagged).toBeLessThan(30);
  });

  it.each([
    ['a color image', /^in color \(color \d+ %; training images 0.0 %\)/],
    ['an inverted image', /bright and dark areas in other places/],
    [
      'an image upside down',
      /^bright and dark areas in other places.*\((brighter|darker) at the \w+.*\)$/,
    ],
    ['a dark image', /darker \(.* \d.* %; training images \d+ to \d+ %\)/],
    ['a uniform image', /less contrast \(contrast 0\.0 %; training images \d+ to \d+ %\)/],
    ['noise', /(fine detail|edges) or noise/],
  ])('are recognized, with the reason in words: %s', (kind, text) => {
    const image = radiograph(20_000);
    const random = createRandom(1, 'noise');
    const colored = Uint8Array.from({ length: 3 * image.data.length }, (_, i) =>
      i % 3 === 0
        ? Math.min(255, image.data[Math.floor(i / 3)] + 60)
        : image.data[Math.floor(i / 3)],
    );
    const changed: Record<string, Pixels> = {
      'a color image': { ...image, data: colored, channels: 3 },
      'an inverted image': mapLevels(image, (level) => 255 - level),
      'an image upside down': { ...image, data: image.data.toReversed() },
      'a dark image': mapLevels(image, (level) => level / 6),
      'a uniform image': mapLevels(image, () => 120),
      noise: mapLevels(image, () => random.integer(256)),
    };
    expect(check(statisticsOf(image))).toMatchObject({ reasons: [], text: '' });
    expect(check(statisticsOf(image)).distance).toBeLessThan(1);
    const found = check(statisticsOf(changed[kind]));
    expect(found.text).toMatch(text);
    expect(found.distance).toBeGreaterThan(1);
    expect(found.reasons.length).toBeLessThanOrEqual(2);
    for (const { value, low, high, statistic } of found.reasons.slice(0, 1))
      expect(value < low || value > high, statistic).toBe(true);
  });

  it('are not those saved with a slight tint or at another size', () => {
    const image = radiograph(20_001);
    const tinted = Uint8Array.from({ length: 3 * image.data.length }, (_, i) =>
      Math.min(255, image.data[Math.floor(i / 3)] + (i % 3 === 0 ? 1 : 0)),
    );
    expect(check(statisticsOf({ ...image, data: tinted, channels: 3 })).distance).toBeLessThan(1);
    const twice = Uint8Array.from({ length: 4 * image.data.length }, (_, i) => {
      const [y, x] = [Math.floor(i / (2 * SIDE)), i % (2 * SIDE)];
      return image.data[(y >> 1) * SIDE + (x >> 1)];
    });
    const larger = { data: twice, width: 2 * SIDE, height: 2 * SIDE, channels: 1 } as const;
    expect(check(statisticsOf(larger)).distance).toBeLessThan(1);
  });
});

describe('the statistics of training images', () => {
  it('need at least 50 images', () => {
    const images = Array.from({ length: 50 }, (_, seed) => statisticsOf(radiograph(seed)));
    expect(fitStatistics(images.slice(1))).toBeNull();
    expect(fitStatistics(images)!.images).toBe(50);
  });

  it('leave out all images of a patient together', () => {
    // Eight equal images per patient: left out one by one, each would have its twins in the fit.
    const images = Array.from({ length: 240 }, (_, k) => ({
      ...statisticsOf(radiograph(k >> 3)),
      group: `patient ${k >> 3}`,
    }));
    const single = fitStatistics(images.map(({ group: _, ...image }) => image))!;
    const grouped = fitStatistics(images)!;
    expect(grouped.layout.limit).toBeGreaterThan(1.1 * single.layout.limit);
    expect(grouped.layout.mean).toEqual(single.layout.mean);
  });

  it('contain as many numbers for many images as for few', () => {
    const numbers = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce<number>((sum, part) => sum + numbers(part), 0)
        : 1;
    const few = Array.from({ length: 60 }, (_, seed) => statisticsOf(radiograph(seed)));
    expect(numbers({ ...fitStatistics(few)!, heldOut: null })).toBe(numbers(statistics));
  });
});

it('says how many images are unlike the training images', () => {
  const report = (unlike: number, images: number): string =>
    describeUnlike(
      reportUnlike(
        Array.from({ length: images }, (_, k) => ({
          id: `${k}`,
          distance: k < unlike ? 1.5 : 0.8,
          reasons: [],
          text: '',
        })),
      ),
    );
  expect(report(0, 20)).toBe('None of 20 images is unlike the training images.');
  expect(report(1, 1)).toBe(
    'The image is unlike the training images: treat its prediction with caution.',
  );
  expect(report(3, 200)).toBe(
    '3 of 200 images (1.5 %; about 1 % is usual) are unlike the training images: treat their predictions with caution.',
  );
  expect(describeUnlike(reportUnlike(undefined))).toMatch(/^Not checked whether images are unlike/);
});
