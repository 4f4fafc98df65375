import { describe, expect, it } from 'vitest';
import { argmaxRows, logitProbabilities, softmaxRows } from './rows.js';

describe('softmaxRows', () => {
  it('computes the softmax of each row', () => {
    const [a, b, c, d] = softmaxRows([0, Math.log(3), 5, 5], 2);
    expect(a).toBeCloseTo(0.25, 15);
    expect(b).toBeCloseTo(0.75, 15);
    expect(c).toBe(0.5);
    expect(d).toBe(0.5);
  });

  it('does not overflow for large logits', () => {
    expect([...softmaxRows([1000, 0], 2)]).toEqual([1, 0]);
    expect([...softmaxRows([-1000, -1000], 2)]).toEqual([0.5, 0.5]);
  });
});

describe('logitProbabilities', () => {
  it('is the softmax of each row unless the task is multilabel', () => {
    expect(logitProbabilities([0, 1, 2, 3], 2)).toEqual(softmaxRows([0, 1, 2, 3], 2));
  });

  it('is 1 / (1 + exp(-x)) of findings, exact in both tails', () => {
    const [half, threeQuarters, small, one, least] = logitProbabilities(
      [0, Math.log(3), -700, 40, -1000],
      1,
      'multilabel',
    );
    expect(half).toBe(0.5);
    expect(threeQuarters).toBeCloseTo(0.75, 15);
    expect(small / Math.exp(-700)).toBeCloseTo(1, 12);
    expect(one).toBe(1);
    expect(least).toBe(0);
  });
});

describe('argmaxRows', () => {
  it('returns the index of the largest value of each row, the first of equal ones', () => {
    expect([...argmaxRows([0.4, 0.4, 0.2, 0, 0.5, 0.5, 0.2, 0.3, 0.5], 3)]).toEqual([0, 1, 2]);
  });

  it('throws at a NaN, with its index', () => {
    expect(() => argmaxRows([0.4, 0.6, NaN, 1], 2)).toThrow('The value at [1, 0] is NaN');
  });
});
