import { describe, expect, it } from 'vitest';
import { golden } from '../testing/golden.js';
import { betaQuantile, incompleteBeta } from './beta.js';
import { binomialCdf, binomialProbability } from './binomial.js';
import { incompleteGamma } from './gamma.js';
import { invertDistribution } from './invertDistribution.js';
import { normalCdf, normalQuantile, normalTails } from './normal.js';
import { studentQuantile, studentTails } from './student.js';

// Relative differences, so that far tails count too.
const { distributions: rows } = golden();
const relative = (actual: number, expected: number, tolerance = 1e-12): void =>
  expect(Math.abs(actual - expected), `${actual} instead of ${expected}`).toBeLessThanOrEqual(
    tolerance * Math.abs(expected),
  );

describe('distributions, against SciPy', () => {
  it.each(rows.normal)('normal at %d', (z, lower, upper) => {
    relative(normalTails(z).lower, lower);
    relative(normalTails(z).upper, upper);
    relative(normalCdf(z), lower);
  });
  it.each(rows.normalQuantile)('normal quantile of %d', (share, z) =>
    relative(normalQuantile(share), z),
  );
  it.each(rows.student)('t at %d with %d degrees of freedom', (...[t, freedom, lower, upper]) => {
    relative(studentTails(t, freedom).lower, lower);
    relative(studentTails(t, freedom).upper, upper);
  });
  it.each(rows.studentQuantile)(
    't quantile of %d with %d degrees of freedom',
    (share, freedom, t) => relative(studentQuantile(share, freedom), t),
  );
  it.each(rows.chiSquared)(
    'chi-squared at %d with %d degrees of freedom',
    (...[x, freedom, lower, upper]) => {
      relative(incompleteGamma(freedom / 2, x / 2).lower, lower);
      relative(incompleteGamma(freedom / 2, x / 2).upper, upper);
    },
  );
  it.each(rows.chiSquaredQuantile)(
    'chi-squared quantile of %d with %d degrees of freedom',
    (share, freedom, x) =>
      relative(
        invertDistribution(share, (at) => incompleteGamma(freedom / 2, at / 2), [0, Infinity]),
        x,
      ),
  );
  it.each(rows.beta)('beta at %d with a %d, b %d', (...[x, a, b, lower, upper]) => {
    const tails = incompleteBeta({ x, a, b });
    if (lower > 1e-250) relative(tails.lower, lower);
    if (upper > 1e-250) relative(tails.upper, upper);
  });
  it.each(rows.betaQuantile)('beta quantile of %d with a %d, b %d', (...[share, a, b, x]) =>
    relative(betaQuantile(share, a, b), x),
  );
  it.each(rows.binomial)(
    'binomial at %d of %d with chance %d',
    (...[k, n, chance, cdf, probability]) => {
      relative(binomialCdf(k, n, chance), cdf);
      relative(binomialProbability(k, n, chance), probability);
    },
  );

  it('reach the ends of the support', () => {
    expect(normalQuantile(0)).toBe(-Infinity);
    expect(normalQuantile(1)).toBe(Infinity);
    expect(betaQuantile(0, 2, 3)).toBe(0);
    expect(betaQuantile(1, 2, 3)).toBe(1);
    expect(binomialCdf(-1, 4, 0.5)).toBe(0);
    expect(binomialCdf(4, 4, 0.5)).toBe(1);
    expect(binomialProbability(5, 4, 0.5)).toBe(0);
    expect(studentTails(Infinity, 3)).toEqual({ lower: 1, upper: 0 });
  });

  it('reject arguments out of range', () => {
    expect(() => normalQuantile(1.5)).toThrow('got 1.5');
    expect(() => normalCdf(NaN)).toThrow('x NaN');
    expect(() => studentQuantile(0.2, 0)).toThrow('got 0');
    expect(() => incompleteBeta({ x: 0.5, a: -1, b: 2 })).toThrow('a -1');
  });
});
