import { readFileSync } from 'node:fs';
import { createRandom, type PixelData, type Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { image } from '../../test/golden/patterns.js';
import { resizeArea, resizeBilinear } from './resize.js';

interface Case {
  width: number;
  height: number;
  toWidth: number;
  toHeight: number;
  channels: 1 | 3;
  how: 'area' | 'linear';
  pixels: number[];
}

// cv2.resize, by opencv.py
const { resize } = JSON.parse(
  readFileSync(new URL('../../test/golden/opencv_more.json', import.meta.url), 'utf8'),
) as { resize: Case[] };

describe('resizeArea and resizeBilinear against cv2.resize', () => {
  it.each(resize)(
    '$width x $height to $toWidth x $toHeight, $channels channels, $how',
    ({ width, height, toWidth, toHeight, channels, how, pixels }) => {
      const method = how === 'area' ? resizeArea : resizeBilinear;
      const { data, ...shape } = method(
        { data: image(width, height, channels), width, height, channels },
        [toHeight, toWidth],
      );
      expect(shape).toEqual({ height: toHeight, width: toWidth, channels });
      const differences = pixels.map((value, i) => Math.abs(value - data[i]));
      expect(data.length).toBe(pixels.length);
      expect(Math.max(...differences)).toBeLessThanOrEqual(1);
      // cv2's INTER_LINEAR has 11 bits and cuts off between its steps
      expect(
        differences.filter((difference) => difference > 0).length / pixels.length,
      ).toBeLessThan(how === 'area' ? 0.003 : 0.15);
    },
  );

  it('averages along a shrinking axis and interpolates along a growing one', () => {
    const pixels = {
      data: Uint8Array.of(0, 100, 10, 90),
      width: 4,
      height: 1,
      channels: 1,
    } as const;
    expect([...resizeArea(pixels, [2, 2]).data]).toEqual([50, 50, 50, 50]);
  });

  it('preserves a constant image at any ratio', () => {
    for (const [from, to] of [
      [97, 31],
      [31, 97],
      [386, 385],
      [1000, 7],
    ]) {
      const data = new Uint8Array(from * from).fill(255);
      expect(
        resizeArea({ data, width: from, height: from, channels: 1 }, [to, to]).data.every(
          (value) => value === 255,
        ),
      ).toBe(true);
    }
  });

  it('returns pixels of the right size themselves and rejects invalid sizes', () => {
    const pixels = { data: new Uint8Array(12), width: 2, height: 2, channels: 3 } as const;
    expect(resizeArea(pixels, [2, 2])).toBe(pixels);
    expect(() => resizeArea(pixels, [0, 2])).toThrow('got 0 x 2');
    expect(() => resizeBilinear(pixels, [2, 1.5])).toThrow('got 2 x 1.5');
  });
});

/** Means over blocks in exact arithmetic: sums of integers divided by a power of two, halves to the even level. */
function exactMeans(
  { data, width, height, channels }: Pixels<PixelData>,
  [rows, columns]: readonly [number, number],
): number[] {
  const [down, across] = [height / rows, width / columns];
  return Array.from({ length: rows * columns * channels }, (_, i) => {
    const [pixel, c] = [Math.floor(i / channels), i % channels];
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    let sum = 0;
    for (let y = row * down; y < (row + 1) * down; y++)
      for (let x = column * across; x < (column + 1) * across; x++)
        sum += data[(y * width + x) * channels + c];
    const [whole, rest] = [Math.floor(sum / (down * across)), (sum / (down * across)) % 1];
    // OpenCV halves in integer arithmetic, which rounds halves up.
    const isUp = rest > 0.5 || (rest === 0.5 && (whole % 2 === 1 || (down === 2 && across === 2)));
    return whole + Number(isUp);
  });
}

describe('resizeArea by powers of two', () => {
  const random = createRandom(1, 'blocks');
  it.each([
    [8, 8, 4, 4],
    [16, 12, 4, 3],
    [32, 8, 1, 8],
    [6, 32, 6, 2],
    [64, 64, 1, 1],
    [12, 16, 3, 8],
  ])('%s x %s to %s x %s gives exact means', (...sizes) => {
    const [height, width, rows, columns] = sizes;
    for (const channels of [1, 3] as const)
      for (const [type, levels] of [
        [Uint8Array, 4], // few levels, so that many means are halves
        [Uint8Array, 256],
        [Uint16Array, 65536],
      ] as const) {
        const data = new type(height * width * channels).map(() => random.integer(levels));
        const pixels = { data, height, width, channels };
        const reduced = resizeArea<PixelData>(pixels, [rows, columns]);
        expect(reduced).toMatchObject({ height: rows, width: columns, channels });
        expect([...reduced.data]).toEqual(exactMeans(pixels, [rows, columns]));
      }
  });
});
