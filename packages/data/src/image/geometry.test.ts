import { readFileSync } from 'node:fs';
import { defaultPreprocessing, type Fit, type Pixels } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { image } from '../../test/golden/patterns.js';
import { adjustIntensity } from './adjustIntensity.js';
import { applyAugmentation } from './applyAugmentation.js';
import { preprocess } from './preprocess.js';

interface Sampled {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly side: number;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly flip: boolean;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly pixels: number[];
}
interface Adjusted {
  readonly channels: 1 | 3;
  readonly brightness: number;
  readonly contrast: number;
  readonly gamma: number;
  readonly pixels: number[];
}
interface Fitted {
  readonly fit: Fit;
  readonly width: number;
  readonly height: number;
  readonly size: [number, number];
  readonly contrast: 'none' | 'clahe';
  readonly pixels: number[];
}
/** Written by geometry.py with torch 2.15, torchvision 0.29 and OpenCV 5.0. */
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/geometry.json', import.meta.url), 'utf8'),
) as { geometry: Sampled[]; intensity: Adjusted[]; fit: Fitted[] };

const pattern = (width: number, height: number, channels: 1 | 3): Pixels => ({
  data: image(width, height, channels),
  width,
  height,
  channels,
});
const largestDifference = ({ data }: Pixels, expected: readonly number[]): number => {
  expect(data).toHaveLength(expected.length);
  return expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - data[i])), 0);
};

describe('augmentation against PyTorch', () => {
  it.each(golden.geometry)(
    'crops to $side, flips ($flip), turns by $angle degrees and shifts as grid_sample does',
    ({ width, height, channels, side, x, y, angle, flip, shiftX, shiftY, pixels }) => {
      const result = applyAugmentation(pattern(width, height, channels), {
        horizontalFlip: flip,
        verticalFlip: false,
        diagonalFlip: 'none',
        angle,
        ...(side < 1 ? { crop: { side, x, y } } : {}),
        shift: { x: shiftX / width, y: shiftY / height },
      });
      // half a level from rounding
      expect(largestDifference(result, pixels)).toBeLessThanOrEqual(0.501);
    },
  );

  it.each(golden.intensity)(
    'changes brightness by $brightness, contrast by $contrast and gamma by $gamma as torchvision does',
    ({ channels, pixels, ...factors }) => {
      const result = adjustIntensity(pattern(12, 9, channels), factors);
      expect(largestDifference(result, pixels)).toBeLessThanOrEqual(0.501);
    },
  );
});

describe('fit against OpenCV and torchvision', () => {
  it.each(golden.fit)(
    '$fit of $width x $height to $size with contrast $contrast',
    ({ fit, width, height, size, contrast, pixels }) => {
      const options = { ...defaultPreprocessing, color: 'grey', size, fit, contrast } as const;
      const result = preprocess(pattern(width, height, 1), options);
      // One pixel in 640 differs by a level in resizing, see resize.test.ts.
      expect(largestDifference(result, pixels)).toBeLessThanOrEqual(1);
      const different = pixels.filter((value, i) => value !== result.data[i]).length;
      expect(different / pixels.length).toBeLessThan(0.002);
    },
  );
});
