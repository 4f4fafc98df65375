import { defaultPreprocessing } from '@nonlocal-med/core';
import { expect, it } from 'vitest';
import { normalize } from './preprocess.js';

it('normalizes as torchvision does', () => {
  const pixels = {
    data: Uint8Array.of(0, 128, 255, 12, 200, 77),
    height: 1,
    width: 2,
    channels: 3,
  } as const;
  const result = normalize(pixels, defaultPreprocessing, new Float32Array(6));
  // Normalize(mean, std)(ToTensor()(image)) of torchvision 0.29
  [-2.1179039, 0.2051822, 2.64, -1.9124069, 1.4656863, -0.4623964].forEach((value, i) =>
    expect(result[i]).toBeCloseTo(value, 6),
  );
});

it('repeats a grayscale plane and writes only its own part of a batch', () => {
  const batch = new Float32Array(12);
  normalize(
    { data: Uint8Array.of(255), height: 1, width: 1, channels: 1 },
    { mean: [0, 0.5, 1], std: [1, 0.5, 2] },
    batch.subarray(3, 6),
  );
  expect([...batch]).toEqual([0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
});

it('rejects an output of a different size', () => {
  expect(() =>
    normalize(
      { data: new Uint8Array(6), height: 1, width: 2, channels: 3 },
      defaultPreprocessing,
      new Float32Array(3),
    ),
  ).toThrow('normalize needs an output of 6 values for this image, got 3.');
});
