import { readFileSync } from 'node:fs';
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
