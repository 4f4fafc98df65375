import { defaultPreprocessing, type Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import {
  appearanceNames,
  fractionOf,
  pixelStatistics,
  statisticsPreprocessing,
  type ViewStatistics,
} from './viewStatistics.js';

const statisticsOf = (pixels: Pixels): ViewStatistics =>
  pixelStatistics(pixels, defaultPreprocessing);

/** An RGB image of 96 rows and 80 columns from a formula, so that other programs can make the same one. */
function formulaImage(): Pixels {
  const [height, width] = [96, 80];
  const data = new Uint8Array(height * width * 3);
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i += 3) {
      data[i] = (3 * x + 2 * y) % 256;
      data[i + 1] = (5 * x + Math.floor((y * y) / 16)) % 256;
      data[i + 2] = Math.floor((x * y) / 8) % 200;
    }
  return { data, height, width, channels: 3 };
}

const flat = (levels: readonly number[]): Pixels => ({
  data: Uint8Array.from({ length: 64 * 64 * levels.length }, (_, i) => levels[i % levels.length]),
  height: 64,
  width: 64,
  channels: levels.length as 1 | 3,
});

describe('the statistics of an image', () => {
  it('equal those of OpenCV and NumPy', () => {
    // NumPy 2.4.6 and OpenCV 5.0.0: cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA) / 255, then mean, std,
    // quantile and cv2.Laplacian(ksize=1) of 0.299 R + 0.587 G + 0.114 B, and the formulas of ViewStatistics.
    const appearance = [
      0.474529, -1.673353, 0.169472, 0.474757, 0.768649, -0.688071, 0.348521, 0.135021, -1.087155,
      -1.51286, -0.213173, 0.42158,
    ];
    const layout = [
      -1.45792, 0.212516, 0.227511, 0.142523, -0.224961, 0.724443, -0.008774, 0.137392, 0.0721,
      0.437428, 0.072878, -0.57546, 0.514031, 0.035853, -0.355743, 0.046182,
    ];
    const statistics = statisticsOf(formulaImage());
    expect(statistics.appearance).toHaveLength(appearanceNames.length);
    // A level of the resized image may differ by rounding: 1 / 255 in one of 4,096 pixels.
    for (const [index, value] of appearance.entries())
      expect(statistics.appearance[index], appearanceNames[index]).toBeCloseTo(value, 4);
    for (const [index, value] of layout.entries())
      expect(statistics.layout[index], `cell ${index}`).toBeCloseTo(value, 4);
  });

  it('are finite and mean what they say for uniform images', () => {
    const named = (pixels: Pixels): Record<string, number> =>
      Object.fromEntries(
        statisticsOf(pixels).appearance.map((value, index) => [
          appearanceNames[index],
          fractionOf(appearanceNames[index], value),
        ]),
      );
    const gray = named(flat([51]));
    for (const name of ['brightness', 'dark areas', 'midtones', 'bright areas', 'border'])
      expect(gray[name], name).toBeCloseTo(0.2, 6);
    for (const name of ['contrast', 'color', 'red against blue'])
      expect(gray[name], name).toBeCloseTo(0, 6);
    expect(gray['direction of edges']).toBeCloseTo(1, 6);
    expect(gray.edges).toBeCloseTo(0.25, 6); // both have only their lower bounds, 0.25 % and 1 %
    const red = named(flat([255, 0, 0]));
    expect(red.brightness).toBeCloseTo(0.299, 6);
    expect(red.color).toBeCloseTo(1, 6);
    expect(red['red against blue']).toBeCloseTo(1 / (0.299 + 0.05), 5);
    expect(statisticsOf(flat([0])).layout).toEqual(new Array(16).fill(0));
  });

  it('see color, and contrast as it is in the file, for models that do not', () => {
    const view = statisticsPreprocessing({ ...defaultPreprocessing, color: 'grey' });
    expect(view).toMatchObject({ color: 'rgb', contrast: 'none', size: [64, 64] });
    expect(statisticsPreprocessing({ ...defaultPreprocessing, size: [256, 512] }).size).toEqual([
      32, 64,
    ]);
  });

  it('depend on where bright and dark areas are', () => {
    const image = flat([0]);
    image.data.fill(200, 0, 32 * 64); // the upper half
    const { layout } = statisticsOf(image);
    for (const [cell, value] of layout.entries())
      expect(value, `cell ${cell}`).toBeCloseTo((cell < 8 ? 1 : -1) * (100 / (100 + 2.55)), 5);
  });
});
