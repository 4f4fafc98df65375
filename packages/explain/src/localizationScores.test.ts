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

  it('counts a maximum near a lesion within the tolerance', () => {
    const pointing = (peak: number, tolerance?: number): number =>
      localizationScores(
        Float32Array.from({ length: 8 }, (_, i) => Number(i === peak)),
        mask,
        { tolerance, width: 4 },
      )!.pointing;
    // Two rows of four pixels; the lesion is the right half of the upper row.
    expect([
      pointing(1),
      pointing(1, 1),
      pointing(0, 1),
      pointing(5, 1),
      pointing(5, Math.SQRT2),
      pointing(4, 2),
      pointing(4, 3),
    ]).toEqual([0, 1, 0, 0, 1, 0, 1]);
    expect(() => localizationScores(new Float32Array(8), mask, { tolerance: 15 })).toThrow(
      'a tolerance of 15 pixels needs the width',
    );
  });

  it('returns null without a lesion, and a null energy for an empty map', () => {
    expect(localizationScores(new Float32Array(8), new Uint8Array(8))).toBeNull();
    expect(localizationScores(new Float32Array(8), mask)).toMatchObject({ energyInside: null });
    expect(() => localizationScores(new Float32Array(7), mask)).toThrow('7 values, the mask 8');
  });
});
