import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { image } from '../../../test/golden/patterns.js';
import { labToRgb, rgbToLab } from '../lab.js';
import { clahe, claheLab } from './clahe.js';

// The formulas in float64 and cv2.cvtColor of the 8-bit image, by opencv.py.
const golden = (
  JSON.parse(
    readFileSync(new URL('../../../test/golden/opencv_more.json', import.meta.url), 'utf8'),
  ) as { lab: { rgb: number[][]; formula: number[][]; eightBit: number[][] } }
).lab;

describe('rgbToLab', () => {
  const { lightness, ab } = rgbToLab(Uint8Array.from(golden.rgb.flat()));

  it.each(golden.rgb.map((rgb, i) => [rgb, i] as const))('%j', (_, i) => {
    const [l, a, b] = golden.formula[i];
    expect(Math.abs(lightness[i] - 2.55 * l)).toBeLessThan(0.51);
    expect(Math.abs(ab[2 * i] - a)).toBeLessThan(0.01);
    expect(Math.abs(ab[2 * i + 1] - b)).toBeLessThan(0.01);
    // spec 7.5: OpenCV's fixed-point path differs by at most 1/2/1 levels
    const [l8, a8, b8] = golden.eightBit[i];
    expect(Math.abs(lightness[i] - l8)).toBeLessThanOrEqual(1);
    expect(Math.abs(Math.round(ab[2 * i] + 128) - a8)).toBeLessThanOrEqual(2);
    expect(Math.abs(Math.round(ab[2 * i + 1] + 128) - b8)).toBeLessThanOrEqual(1);
  });

  it.each([
    [
      [255, 0, 0],
      [136, 208, 195],
    ],
    [
      [0, 255, 0],
      [224, 42, 211],
    ],
    [
      [0, 0, 255],
      [82, 207, 20],
    ],
    [
      [128, 64, 32],
      [89, 153, 159],
    ],
    [
      [200, 120, 60],
      [148, 154, 173],
    ],
  ])('%j is %j in 8 bits (spec 7.5)', (rgb, [l, a, b]) => {
    const lab = rgbToLab(Uint8Array.from(rgb));
    expect([lab.lightness[0], Math.round(lab.ab[0] + 128), Math.round(lab.ab[1] + 128)]).toEqual([
      l,
      a,
      b,
    ]);
  });
});

describe('labToRgb', () => {
  it('restores every color as closely as 8-bit lightness allows', () => {
    // 52 levels of each channel
    const rgb = new Uint8Array(3 * 52 ** 3).map(
      (_, i) => 5 * (Math.floor(Math.floor(i / 3) / 52 ** (i % 3)) % 52),
    );
    const back = labToRgb(rgbToLab(rgb));
    // half a level of L is up to four levels of saturated blue
    expect(
      rgb.reduce((worst, value, i) => Math.max(worst, Math.abs(value - back[i])), 0),
    ).toBeLessThanOrEqual(4);
    expect(
      rgb.reduce((sum, value, i) => sum + Math.abs(value - back[i]), 0) / rgb.length,
    ).toBeLessThan(0.35);
  });

  it('keeps grays gray', () => {
    const rgb = new Uint8Array(768).map((_, i) => i / 3);
    expect(labToRgb(rgbToLab(rgb)).every((value, i, all) => value === all[i - (i % 3)])).toBe(true);
  });
});

describe('claheLab', () => {
  const [width, height] = [60, 44];
  const rgb = image(width, height, 3);

  it('equalizes only the lightness', () => {
    const equalized = claheLab(rgb, { width, height });
    const after = rgbToLab(equalized);
    const expected = clahe(rgbToLab(rgb).lightness, { width, height });
    // where no channel was cut off
    const inside = [...expected.keys()].filter((i) =>
      equalized.subarray(3 * i, 3 * i + 3).every((value) => value > 0 && value < 255),
    );
    expect(inside.length).toBeGreaterThan(1000);
    for (const i of inside)
      expect(Math.abs(after.lightness[i] - expected[i])).toBeLessThanOrEqual(2);
  });

  it('writes in place', () => {
    const expected = claheLab(rgb, { width, height });
    const copy = rgb.slice();
    expect(claheLab(copy, { width, height, output: copy })).toEqual(expected);
  });

  it('rejects an image of a different size', () => {
    expect(() => claheLab(rgb.subarray(3), { width, height })).toThrow(
      'claheLab needs 7920 values for 60 x 44 pixels, got 7917.',
    );
  });
});
