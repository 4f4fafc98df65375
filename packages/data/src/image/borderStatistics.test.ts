import { expect, it } from 'vitest';
import { borderStatistics } from './borderStatistics.js';

const image = (
  size: { width: number; height: number; channels: 1 | 3 },
  level: (x: number, y: number) => number,
): Parameters<typeof borderStatistics>[0] => {
  const { width, height, channels } = size;
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return level(pixel % width, Math.floor(pixel / width));
  });
  return { data, ...size };
};

it('reads a frame of 2 % of each side, whatever is inside it', () => {
  const size = { width: 100, height: 50, channels: 3 } as const;
  // Two columns on each side, one row above and below.
  const inside = (x: number, y: number): boolean => x >= 2 && x < 98 && y >= 1 && y < 49;
  expect(borderStatistics(image(size, (x, y) => (inside(x, y) ? 255 : 4)))).toEqual({
    mean: 4,
    standardDeviation: 0,
    black: 1,
  });
  // The frame has 100 x 50 - 96 x 48 = 392 pixels, 196 of them in the left half.
  expect(borderStatistics(image(size, (x) => (x < 50 ? 0 : 200)))).toEqual({
    mean: 100,
    standardDeviation: 100,
    black: 0.5,
  });
});

it('reads every pixel of an image that is nothing but border', () => {
  const size = { width: 2, height: 1, channels: 1 } as const;
  expect(borderStatistics(image(size, (x) => 20 + 20 * x))).toEqual({
    mean: 30,
    standardDeviation: 10,
    black: 0,
  });
});

it('reads 16-bit levels on the scale of 8 bits', () => {
  const data = Uint16Array.of(0, 65535, 257, 257 * 9);
  expect(borderStatistics({ data, width: 2, height: 2, channels: 1 })).toMatchObject({
    mean: (0 + 255 + 1 + 9) / 4,
    black: 0.5,
  });
});
