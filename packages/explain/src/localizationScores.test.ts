import { describe, expect, it } from 'vitest';
import { localizationScores } from './localizationScores.js';

const mask = Uint8Array.of(0, 0, 1, 1, 0, 0, 0, 0);

describe('localizationScores', () => {
  it('gives perfect scores to the mask itself', () => {
    expect(localizationScores(Float32Array.from(mask), mask)).toEqual({
      pointing: 1,
      energyInside: 1,
      intersectionOverUnion: 1,
      threshold: 1,
      lesionShare: 0.25,
    });
  });

  it('gives a constant map the lesion share, with all pixels at one threshold', () => {
    expect(localizationScores(new Float32Array(8).fill(0.5), mask)).toEqual({
      pointing: 0,
      energyInside: 0.25,
      intersectionOverUnion: 0.25,
      threshold: 0.5,
      lesionShare: 0.25,
    });
  });

  it('finds the threshold of the best overlap', () => {
    const scores = localizationScores(Float32Array.of(0, 0.25, 0.75, 0.5, 1, 0, 0, 0), mask)!;
    expect(scores).toMatchObject({ pointing: 0, threshold: 0.5, intersectionOverUnion: 2 / 3 });
    expect(scores.energyInside).toBeCloseTo(1.25 / 2.5, 12);
  });

  // Two rows of four pixels; the lesion is the right half of the upper row.
  it.each([
    { peak: 1, tolerance: undefined, pointing: 0 },
    { peak: 1, tolerance: 1, pointing: 1 },
    { peak: 0, tolerance: 1, pointing: 0 },
    { peak: 5, tolerance: 1, pointing: 0 },
    { peak: 5, tolerance: Math.SQRT2, pointing: 1 },
    { peak: 4, tolerance: 2, pointing: 0 },
    { peak: 4, tolerance: 3, pointing: 1 },
  ])(
    'scores a maximum at pixel $peak with tolerance $tolerance as $pointing',
    ({ peak, tolerance, pointing }) => {
      const map = Float32Array.from({ length: 8 }, (_, i) => Number(i === peak));
      expect(localizationScores(map, mask, { tolerance, width: 4 })).toMatchObject({ pointing });
    },
  );

  it('requires the width for a tolerance', () => {
    expect(() => localizationScores(new Float32Array(8), mask, { tolerance: 15 })).toThrow(
      'a tolerance of 15 pixels needs the width',
    );
  });

  it('returns null for an empty mask', () => {
    expect(localizationScores(new Float32Array(8), new Uint8Array(8))).toBeNull();
  });

  it('has no energy for an empty map', () => {
    expect(localizationScores(new Float32Array(8), mask)).toMatchObject({ energyInside: null });
  });

  it('refuses a map of another size than the mask', () => {
    expect(() => localizationScores(new Float32Array(7), mask)).toThrow('7 values, the mask 8');
  });
});
