import { defaultPreprocessing, type Fit, type Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { fitGeometry } from './fitGeometry.js';
import { preprocess } from './preprocess.js';

type Disk = { readonly x: number; readonly y: number; readonly radius: number };

/** A photograph like a fundus camera's: a textured orange disk on black, and white letters in a corner. */
function photograph(width: number, height: number, { x, y, radius }: Disk): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const grain = (column * 7 + row * 13) % 11;
      const inside = Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius;
      const letter = row < 12 && column < 50 && (column >> 2) % 2 === 0;
      const color = inside ? [180 + grain, 90 + grain, 40] : letter ? [255, 255, 255] : [2, 2, 2];
      data.set(color, 3 * (row * width + column));
    }
  return { data, width, height, channels: 3 };
}

const flat = (width: number, height: number, level: number): Pixels => ({
  data: new Uint8Array(width * height).fill(level),
  width,
  height,
  channels: 1,
});
const ratio = ({ width, height }: { width: number; height: number }): number => width / height;

describe('fitGeometry', () => {
  it.each<[Fit, ReturnType<typeof fitGeometry>]>([
    [
      'stretch',
      {
        source: { left: 0, top: 0, width: 300, height: 200 },
        target: { left: 0, top: 0, width: 96, height: 96 },
      },
    ],
    [
      'letterbox',
      {
        source: { left: 0, top: 0, width: 300, height: 200 },
        target: { left: 0, top: 16, width: 96, height: 64 },
      },
    ],
    [
      'center-crop',
      {
        source: { left: 50, top: 0, width: 200, height: 200 },
        target: { left: 0, top: 0, width: 96, height: 96 },
      },
    ],
  ])('places 300 x 200 pixels in 96 x 96 (%s)', (fit, expected) => {
    expect(fitGeometry(flat(300, 200, 9), { size: [96, 96], fit })).toEqual(expected);
  });

  it.each([
    ['whole', { x: 640, y: 480, radius: 400 }],
    ['off the center', { x: 500, y: 450, radius: 380 }],
  ])('finds a disk that is %s to 1 % of its diameter, and not the letters', (_, disk) => {
    const { source, target } = fitGeometry(photograph(1280, 960, disk), {
      size: [256, 256],
      fit: 'fundus-crop',
    });
    const tolerance = 0.02 * disk.radius;
    expect(Math.abs(source.left - (disk.x - disk.radius))).toBeLessThan(tolerance);
    expect(Math.abs(source.top - (disk.y - disk.radius))).toBeLessThan(tolerance);
    expect(Math.abs(source.width - 2 * disk.radius)).toBeLessThan(2 * tolerance);
    expect(Math.abs(source.height - 2 * disk.radius)).toBeLessThan(2 * tolerance);
    expect(Math.min(target.width, target.height)).toBeGreaterThanOrEqual(253);
  });

  it('keeps the shape of a disk that is cut off at the top and bottom', () => {
    const disk = { x: 640, y: 300, radius: 400 };
    const { source, target } = fitGeometry(photograph(1280, 600, disk), {
      size: [256, 256],
      fit: 'fundus-crop',
    });
    expect(source.height).toBe(600);
    expect(Math.abs(source.width - 800)).toBeLessThan(16);
    expect(target.width).toBe(256);
    expect(Math.abs(ratio(source) / ratio(target) - 1)).toBeLessThan(0.01);
  });

  it('finds the disk of a grayscale photograph, and takes all of an image without a surround', () => {
    const color = photograph(640, 480, { x: 320, y: 240, radius: 200 });
    const gray: Pixels = {
      ...color,
      channels: 1,
      data: color.data.filter((_, i) => i % 3 === 0),
    };
    const fit = 'fundus-crop';
    expect(fitGeometry(gray, { size: [64, 64], fit }).source).toEqual(
      fitGeometry(color, { size: [64, 64], fit }).source,
    );
    for (const level of [0, 140])
      expect(fitGeometry(flat(300, 200, level), { size: [96, 96], fit }).source).toMatchObject({
        width: 300,
        height: 200,
      });
  });

  it('keeps at least one pixel of a very long image', () => {
    const { target } = fitGeometry(flat(3000, 2, 9), { size: [96, 96], fit: 'letterbox' });
    expect(target).toEqual({ left: 0, top: 47, width: 96, height: 1 });
  });
});

describe('preprocess with a fit', () => {
  it.each([
    ['none', 0],
    ['clahe', 0],
    ['local-mean', 128],
  ] as const)('has bars of the background level with contrast %s', (contrast, level) => {
    const options = { ...defaultPreprocessing, size: [64, 64], contrast } as const;
    const image = photograph(120, 60, { x: 60, y: 30, radius: 200 });
    const { data, width, height } = preprocess(image, { ...options, fit: 'letterbox' });
    expect([width, height]).toEqual([64, 64]);
    const bars = [...data.subarray(0, 16 * 64 * 3), ...data.subarray(48 * 64 * 3)];
    expect(new Set(bars)).toEqual(new Set([level]));
    // The image between the bars looks as if there were none.
    const alone = preprocess(image, { ...options, size: [32, 64] });
    expect(data.subarray(16 * 64 * 3, 48 * 64 * 3)).toEqual(alone.data);
  });

  it('keeps a disk round, which stretch does not', () => {
    const image = photograph(600, 300, { x: 300, y: 150, radius: 140 });
    const aspect = (fit: Fit): number => {
      const options = { ...defaultPreprocessing, size: [128, 128], contrast: 'none', fit } as const;
      const { data } = preprocess(image, options);
      const bright = (x: number, y: number): boolean => data[3 * (y * 128 + x)] > 90;
      const line = Array.from({ length: 128 }, (_, i) => i);
      return line.filter((x) => bright(x, 64)).length / line.filter((y) => bright(64, y)).length;
    };
    expect(Math.abs(aspect('letterbox') - 1)).toBeLessThan(0.05);
    expect(Math.abs(aspect('fundus-crop') - 1)).toBeLessThan(0.05);
    expect(aspect('stretch')).toBeLessThan(0.55);
  });
});
