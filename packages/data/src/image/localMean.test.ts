import { readFileSync } from 'node:fs';
import { defaultPreprocessing, type Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { image, noise } from '../../test/golden/patterns.js';
import { tinyLesionsImage } from '../synthetic/tinyLesions.js';
import { toGrayscale } from './channels.js';
import { clahe, claheLab } from './clahe/clahe.js';
import { fieldOfView } from './fieldOfView.js';
import { gaussianBlur } from './gaussianBlur.js';
import { localMean } from './localMean.js';
import { preprocess } from './preprocess.js';

describe('gaussianBlur', () => {
  it('equals OpenCV on floats', () => {
    // cv2.GaussianBlur(noise, sigma 1.5, BORDER_REPLICATE), by opencv.py
    const { blur } = JSON.parse(
      readFileSync(new URL('../../test/golden/opencv_more.json', import.meta.url), 'utf8'),
    ) as { blur: number[] };
    const result = gaussianBlur(Float32Array.from(noise(17 * 13)), {
      width: 17,
      height: 13,
      sigmaX: 1.5,
    });
    blur.forEach((value, i) => expect(Math.abs(result[i] - value)).toBeLessThan(1e-3));
  });
});

describe('fieldOfView', () => {
  const discOf = (radius: number, brightness: number): Pixels => {
    const data = new Uint8Array(3 * 200 * 160);
    for (let i = 0; i < data.length; i += 3) {
      const [x, y] = [(i / 3) % 200, Math.floor(i / 600)];
      const inside = Math.hypot(x - 100, y - 80) < radius;
      data.set(inside ? [brightness, brightness / 2, brightness / 4] : [4, 3, 5], i);
      // a dark lesion and a dark vessel inside are no surround
      if (Math.hypot(x - 90, y - 70) < 9 || (inside && x === 120 && y < 110 && y > 40))
        data.fill(2, i, i + 3);
    }
    return { data, height: 160, width: 200, channels: 3 };
  };

  it.each([
    [70, 200],
    [70, 60],
    [95, 120],
  ])('finds a whole disc of radius %i and brightness %i, minus its rim', (radius, brightness) => {
    const mask = fieldOfView(discOf(radius, brightness));
    mask.forEach((value, i) => {
      const [x, y] = [i % 200, Math.floor(i / 200)];
      const distance = Math.hypot(x - 100, y - 80);
      if (distance < radius - 5) expect([x, y, value]).toEqual([x, y, 1]);
      if (distance > radius) expect([x, y, value]).toEqual([x, y, 0]);
    });
  });

  it('finds the field of a synthetic fundus', () => {
    for (let index = 0; index < 8; index++) {
      const mask = fieldOfView(tinyLesionsImage({ index }).pixels);
      const share = mask.reduce((sum, value) => sum + value, 0) / mask.length;
      // discs of radius 0.455 to 0.49 widths, less a pixel or two
      expect(share).toBeGreaterThan(0.58);
      expect(share).toBeLessThan(0.755);
      expect([mask[0], mask[95], mask[95 * 96], mask[48 * 96 + 48]]).toEqual([0, 0, 0, 1]);
    }
  });

  it('is the whole image for grayscale, also in three channels', () => {
    const data = new Uint8Array(300);
    expect(
      fieldOfView({ data, height: 10, width: 30, channels: 1 }).every((value) => value === 1),
    ).toBe(true);
    expect(
      fieldOfView({ data, height: 10, width: 10, channels: 3 }).every((value) => value === 1),
    ).toBe(true);
  });
});

describe('localMean', () => {
  /** The definition, by double sums: image - masked Gaussian mean, * gain + 128. */
  function reference(
    { data, height, width, channels }: Pixels,
    mask: Uint8Array,
    at: [number, number],
  ): number[] {
    const [sx, sy] = [width / 24, height / 24];
    const sums = new Float64Array(channels);
    let total = 0;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const weight =
          mask[y * width + x] *
          Math.exp(-((x - at[0]) ** 2) / (2 * sx * sx) - (y - at[1]) ** 2 / (2 * sy * sy));
        total += weight;
        for (let c = 0; c < channels; c++) sums[c] += weight * data[(y * width + x) * channels + c];
      }
    }
    return [...sums].map((sum, c) =>
      Math.min(
        Math.max((data[(at[1] * width + at[0]) * channels + c] - sum / total) * 4 + 128, 0),
        255,
      ),
    );
  }

  it.each([
    [96, 1],
    [400, 8],
  ])('equals the definition at %i pixels, within %i', (size, tolerance) => {
    const { pixels } = tinyLesionsImage({ size, index: 3 });
    const mask = fieldOfView(pixels);
    const { data } = localMean(pixels);
    for (const [u, v] of [
      [0.5, 0.5],
      [0.3, 0.62],
      [0.7, 0.3],
      [0.5, 0.1],
      [0.11, 0.45],
    ]) {
      const at: [number, number] = [Math.round(u * size), Math.round(v * size)];
      reference(pixels, mask, at).forEach((value, c) =>
        expect(Math.abs(data[3 * (at[1] * size + at[0]) + c] - value)).toBeLessThanOrEqual(
          tolerance,
        ),
      );
    }
  });

  it('is 128 outside the field of view and in uniform areas', () => {
    const { pixels } = tinyLesionsImage({ index: 0 });
    expect([...localMean(pixels).data.subarray(0, 3)]).toEqual([128, 128, 128]);
    const flat: Pixels = {
      data: new Uint8Array(64 * 48 * 3).fill(90),
      height: 48,
      width: 64,
      channels: 3,
    };
    expect(new Set(localMean(flat).data)).toEqual(new Set([128]));
    expect(
      new Set(localMean({ ...flat, data: flat.data.subarray(0, 64 * 48), channels: 1 }).data),
    ).toEqual(new Set([128]));
  });
});

describe('preprocess', () => {
  const pixels: Pixels = { data: image(70, 50, 3), height: 50, width: 70, channels: 3 };
  const before = pixels.data.slice();

  it('resizes, then equalizes lightness', () => {
    const small = preprocess(pixels, { ...defaultPreprocessing, size: [40, 32], contrast: 'none' });
    expect([small.height, small.width, small.channels]).toEqual([40, 32, 3]);
    const result = preprocess(pixels, {
      ...defaultPreprocessing,
      size: [40, 32],
      tiles: [4, 2],
      clipLimit: 3,
    });
    expect(result.data).toEqual(
      claheLab(small.data, { width: 32, height: 40, tilesX: 4, tilesY: 2, clipLimit: 3 }),
    );
  });

  it('equalizes the single plane of a grayscale image', () => {
    const result = preprocess(pixels, { ...defaultPreprocessing, size: [50, 70], color: 'grey' });
    expect(result).toEqual({
      data: clahe(toGrayscale(pixels).data, { width: 70, height: 50 }),
      height: 50,
      width: 70,
      channels: 1,
    });
  });

  it('converts grayscale files to RGB if the color is rgb', () => {
    const grey = toGrayscale(pixels);
    expect(preprocess(grey, { ...defaultPreprocessing, size: [50, 70] }).channels).toBe(3);
  });

  it('subtracts the local mean', () => {
    expect(
      preprocess(pixels, { ...defaultPreprocessing, size: [50, 70], contrast: 'local-mean' }),
    ).toEqual(localMean(pixels));
  });

  it('does not modify its input', () => {
    for (const contrast of ['none', 'clahe', 'local-mean'] as const)
      preprocess(pixels, { ...defaultPreprocessing, size: [50, 70], contrast });
    expect(pixels.data).toEqual(before);
  });
});
