import { type Batch, createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { applyMixture, mixBatch } from './mixBatch.js';
import { sampleBeta } from './sampleBeta.js';

const shape = [3, 4, 5, 3] as const;

/** The images of the program below, [3, 4, 5, 3], with labels 2, 0, 1. */
function exampleBatch(): Batch {
  const images = new Float32Array(180);
  const [count, height, width, channels] = shape;
  for (let image = 0; image < count; image++)
    for (let channel = 0; channel < channels; channel++)
      for (let pixel = 0; pixel < height * width; pixel++) {
        const index = (image * channels + channel) * height * width + pixel;
        images[(image * height * width + pixel) * channels + channel] = ((index * 7) % 11) / 4 - 1;
      }
  return { images, shape, labels: Int32Array.of(2, 0, 1), ids: ['a', 'b', 'c'] };
}

const weightedSum = (images: Float32Array): number =>
  images.reduce((sum, value, index) => sum + value * index, 0);

// torchvision 0.29.2: x = (arange(180).reshape(3, 3, 4, 5) * 7 % 11) / 4 - 1 and
// v2.MixUp(num_classes=3).transform(x, {..., 'lam': 0.7}), v2.CutMix(num_classes=3).transform(x, {..., 'box': (3, 0, 5, 2)}).
describe('a mixture of images, as torchvision computes it', () => {
  it('blends (MixUp)', () => {
    const batch = exampleBatch();
    const { images, labels, mixed } = applyMixture(batch, { share: 0.3 });
    const first = [-0.7, 0.475, 0.55, 0.225, 0.3, -0.45, 0.05, -0.7];
    first.forEach((value, index) => expect(images[index]).toBeCloseTo(value, 6));
    expect(weightedSum(images)).toBeCloseTo(4036.25, 2);
    expect([...labels]).toEqual([2, 0, 1]);
    expect([...mixed.labels]).toEqual([1, 2, 0]);
    expect(mixed.share).toBe(0.3);
    expect(batch).toEqual(exampleBatch());
  });

  it('replaces a rectangle (CutMix)', () => {
    const box = { left: 3, top: 0, right: 5, bottom: 2 };
    const { images, mixed } = applyMixture(exampleBatch(), { box });
    const row = [-0.25, -1, 1, 1.5, 0.75, 0, -0.5, 1.5, 0.75, 1.25, 0.5, -0.25];
    expect([...images.subarray(9, 21)]).toEqual(row);
    expect(weightedSum(images)).toBeCloseTo(3932.75, 2);
    expect(mixed.share).toBe(0.2); // 2 x 2 of 4 x 5 pixels
  });

  it('takes the findings of the other image', () => {
    const labels = Int32Array.of(1, 0, -1, 1, 0, 0);
    const { mixed } = applyMixture({ ...exampleBatch(), labels }, { share: 0.5 });
    expect([...mixed.labels]).toEqual([0, 0, 1, 0, -1, 1]);
  });
});

describe('a random mixture', () => {
  const mix = (options: { mixup: number; cutmix: number }, number: number) =>
    mixBatch(exampleBatch(), options, { seed: 3, number });

  it('depends on the seed and the number of the batch alone', () => {
    const options = { mixup: 0.4, cutmix: 1 };
    expect(mix(options, 5)).toEqual(mix(options, 5));
    expect(mix(options, 5)).not.toEqual(mix(options, 6));
    expect(mix(options, 5)).not.toEqual(mixBatch(exampleBatch(), options, { seed: 4, number: 5 }));
  });

  it('has rectangles inside the image, whose area is the share of the label', () => {
    const { images } = exampleBatch();
    const shares = Array.from({ length: 300 }, (_, number) => {
      const mixed = mix({ mixup: 0, cutmix: 1 }, number);
      const share = mixed.mixed?.share ?? NaN;
      // The pixels of the first image that are the last image's; some values are equal in both.
      const changed = mixed.images.subarray(0, 60).filter((value, i) => value !== images[i]);
      expect(changed.length).toBeLessThanOrEqual(share * 60 + 1e-9);
      return share;
    });
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThanOrEqual(1);
    expect(new Set(shares).size).toBeGreaterThan(5);
  });

  it('chooses between both by halves', () => {
    const blended = Array.from({ length: 400 }, (_, number) => mix({ mixup: 1, cutmix: 1 }, number))
      // Values of the example are multiples of 1/4; a blend has others.
      .filter(({ images }) => images.some((value) => (value * 4) % 1 !== 0)).length;
    expect(blended).toBeGreaterThan(160);
    expect(blended).toBeLessThan(240);
  });
});

// scipy.stats.beta.cdf([0.01, 0.1, 0.25, 0.5], a, a), SciPy 1.17
it.each([
  [0.2, [0.20978, 0.33669, 0.41406, 0.5]],
  [1, [0.01, 0.1, 0.25, 0.5]],
  [3, [0.00001, 0.00856, 0.10352, 0.5]],
])('draws from the beta distribution with parameter %d', (parameter, expected) => {
  const random = createRandom(1, 'beta');
  const count = 40_000;
  const sample = Array.from({ length: count }, () => sampleBeta(random, parameter));
  [0.01, 0.1, 0.25, 0.5].forEach((limit, index) => {
    const share = sample.filter((value) => value <= limit).length / count;
    expect(Math.abs(share - expected[index])).toBeLessThan(0.01); // 4 standard errors
  });
});

it('draws numbers for very small parameters, where nothing is mixed or all', () => {
  const random = createRandom(1, 'beta');
  for (let index = 0; index < 1000; index++) {
    const value = sampleBeta(random, 1e-3);
    expect(value >= 0 && value <= 1).toBe(true);
  }
});
