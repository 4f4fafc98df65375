import type { Pixels } from '@nonlocal-med/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { withColorBar } from './colorBar.js';

const random = (height: number, width: number): Pixels => ({
  data: Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 7919) % 251),
  height,
  width,
  channels: 3,
});

describe.each([
  [31, 20],
  [400, 300],
  [1200, 900],
])('an overlay of %i x %i pixels', (height, width) => {
  it('keeps its pixels and gets the colors of the map from 1 down to 0 beside it', async () => {
    const image = random(height, width);
    const { data, info } = await sharp(await withColorBar(image))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ height, channels: 3 });
    const row = (y: number): Uint8Array =>
      data.subarray(3 * info.width * y, 3 * info.width * (y + 1));
    for (const y of [0, Math.floor(height / 2), height - 1])
      expect([...row(y).subarray(0, 3 * width)]).toEqual([
        ...image.data.subarray(3 * width * y, 3 * width * (y + 1)),
      ]);
    const margin = (info.width - width) / 8; // margins and bar are 1, 2, 1 and 4 of it wide
    const x = Math.round(width + 2 * margin);
    const column = Array.from({ length: height }, (_, y) => [
      ...row(y).subarray(3 * x, 3 * x + 3),
    ]).filter((color) => color.some((value) => value !== 255));
    expect(column[0]).toEqual([128, 0, 0]);
    expect(column.at(-1)).toEqual([0, 0, 128]);
    // Halfway, JET is green: row 127 or 128 of OpenCV's table.
    expect(column[Math.floor(column.length / 2)][1]).toBe(255);
    expect(column).toHaveLength(height - 2 * margin);
  });

  it('has labels beside the bar', async () => {
    const { data, info } = await sharp(await withColorBar(random(height, width)))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const margin = (info.width - width) / 8;
    const from = Math.ceil(width + 4 * margin);
    const inked = Array.from({ length: height }, (_, y) =>
      data.subarray(y * info.width + from, (y + 1) * info.width).some((value) => value < 100),
    );
    const third = Math.floor(height / 3);
    expect(
      [0, 1, 2].map((part) => inked.slice(part * third, (part + 1) * third).includes(true)),
    ).toEqual([true, true, true]);
  });
});
