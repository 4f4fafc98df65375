import { createRandom } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import type { LearningRatePoint } from './findLearningRate.js';
import { SMOOTHING, steepestDescent } from './steepestDescent.js';

function smooth(losses: readonly number[]): LearningRatePoint[] {
  let sum = 0;
  return losses.map((loss, step) => {
    sum = SMOOTHING * sum + (1 - SMOOTHING) * loss;
    return { learningRate: step, loss, smoothedLoss: sum / (1 - SMOOTHING ** (step + 1)) };
  });
}

/** What losses a test has: their mean by step, and the standard deviation of their noise. */
interface Course {
  readonly steps: number;
  readonly mean: (step: number) => number;
  readonly deviation: number;
}

function losses(seed: number, { steps, mean, deviation }: Course): number[] {
  const random = createRandom(seed, 'losses', steps);
  return Array.from({ length: steps }, (_, step) => mean(step) + random.normal(0, deviation));
}

describe('steepestDescent', () => {
  it.each([20, 100, 200])('hardly ever finds a fall in noise: %i steps', (steps) => {
    const found = Array.from({ length: 400 }, (_, seed) =>
      steepestDescent(smooth(losses(seed, { steps, mean: () => 1, deviation: 0.1 })), steps),
    ).filter(({ suggestion }) => suggestion !== null);
    expect(found.length).toBeLessThanOrEqual(20); // of 400
  });

  it('finds a fall that is larger than the noise of its average, and no rate after it', () => {
    const falls = (step: number): number =>
      step < 50 ? 1 : step < 70 ? 1 - (step - 50) / 40 : step / 35;
    for (let seed = 0; seed < 50; seed++) {
      const course = { steps: 100, mean: falls, deviation: 0.03 };
      const { compared, suggestion } = steepestDescent(smooth(losses(seed, course)), 100);
      expect(suggestion).toBeGreaterThan(45);
      expect(suggestion).toBeLessThan(72);
      expect(compared!.first.learningRate).toBe(10);
      expect(compared!.lowest.learningRate).toBeGreaterThanOrEqual(suggestion!);
    }
  });

  it('finds nothing in a test that has ended before its first points can be compared', () => {
    const nothing = { compared: null, suggestion: null };
    expect(steepestDescent(smooth([1, 0.5, 0.2, 90, 900]), 100)).toEqual(nothing);
    expect(steepestDescent([], 100)).toEqual(nothing);
  });
});
