import { defaultPreprocessing, type Fit, type Pixels } from '@nonlocal-med/core';
import { mapOnImage, preprocess } from '@nonlocal-med/data/image';
import { describe, expect, it } from 'vitest';
import { maskInInput } from './imageFrame.js';
import { resizeMask } from './lesionMask.js';

const [WIDTH, HEIGHT] = [300, 200];
const lesion = { left: 130, top: 90, width: 20, height: 12 };
const isLesion = (x: number, y: number): boolean =>
  x >= lesion.left &&
  x < lesion.left + lesion.width &&
  y >= lesion.top &&
  y < lesion.top + lesion.height;

/** A reddish disk, cut off at the top and bottom, on black, with a white lesion; and the mask of the lesion. */
const image: Pixels = {
  data: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
    if (isLesion(x, y)) return 255;
    return Math.hypot(x - 140, y - 100) < 120 ? [120, 60, 30][i % 3] : 0;
  }),
  width: WIDTH,
  height: HEIGHT,
  channels: 3,
};
const mask: Pixels = {
  data: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    Number(isLesion(i % WIDTH, Math.floor(i / WIDTH))),
  ),
  width: WIDTH,
  height: HEIGHT,
  channels: 1,
};
const fits: Fit[] = ['stretch', 'letterbox', 'center-crop', 'fundus-crop'];

describe.each(fits)('an image with fit %s', (fit) => {
  const preprocessing = {
    ...defaultPreprocessing,
    size: [96, 128],
    fit,
    contrast: 'none',
  } as const;
  const seen = preprocess(image, preprocessing);
  const bright = Uint8Array.from({ length: 96 * 128 }, (_, i) =>
    Number(seen.data[3 * i + 2] > 128),
  );

  it('has its mask where the network sees the lesion', async () => {
    const moved = await maskInInput(mask, { id: 'a', pixels: image }, preprocessing);
    const resized = resizeMask(moved, [96, 128]);
    const inside = bright.filter((value, i) => value === 1 && resized[i] === 1).length;
    const either = bright.filter((value, i) => value === 1 || resized[i] === 1).length;
    expect(bright.filter((value) => value === 1).length).toBeGreaterThan(30);
    expect(inside / either).toBeGreaterThan(0.75);
  });

  it('has a map of what the network sees on the lesion of the original image', () => {
    const map = Float32Array.from(bright);
    const found = mapOnImage(map, image, { ...preprocessing, to: [HEIGHT, WIDTH] });
    const marked = found.map((value) => Number(value > 0.5));
    const inside = marked.filter((value, i) => value === 1 && mask.data[i] === 1).length;
    const either = marked.filter((value, i) => value === 1 || mask.data[i] === 1).length;
    expect(inside / either).toBeGreaterThan(0.75);
  });

  it('has an empty map on the whole image if the map is empty', () => {
    const found = mapOnImage(new Float32Array(96 * 128), image, { ...preprocessing, to: [20, 30] });
    expect(found).toEqual(new Float32Array(600));
  });
});

describe('mapOnImage', () => {
  it('is zero where a crop has left the image out, and one elsewhere', () => {
    const preprocessing = { size: [64, 64], fit: 'center-crop' } as const;
    const map = new Float32Array(64 * 64).fill(0.3);
    const found = mapOnImage(map, image, { ...preprocessing, to: [HEIGHT, WIDTH] });
    const row = [...found.subarray(0, WIDTH)];
    expect(row.slice(0, 50).every((value) => value === 0)).toBe(true);
    expect(row.slice(50, 250).every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
    expect(row.slice(250).every((value) => value === 0)).toBe(true);
  });
});
