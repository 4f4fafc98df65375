import { mahalanobis } from '@nonlocal-med/classifier';
import { describe, expect, it } from 'vitest';
import { ledoitWolf } from './ledoitWolf.js';

/** 40 rows of 5 correlated columns from a formula, each column centered. */
function formulaRows(): Float64Array[] {
  const rows = Array.from({ length: 40 }, (_, i) =>
    Float64Array.from(
      { length: 5 },
      (_, j) => Math.sin(i * (j + 1) * 0.7) + 0.5 * Math.sin(i * 1.3),
    ),
  );
  for (let j = 0; j < 5; j++) {
    const mean = rows.reduce((sum, row) => sum + row[j], 0) / rows.length;
    for (const row of rows) row[j] -= mean;
  }
  return rows;
}

// scikit-learn 1.9.1: ledoit_wolf(rows, assume_centered=True); its shrinkage is 0.5339.
const expected = [
  [0.596404, 0.033345, 0.049728, 0.057983, 0.04611],
  [0.033345, 0.56249, 0.040592, 0.032313, 0.040296],
  [0.049728, 0.040592, 0.599796, 0.068307, 0.040589],
  [0.057983, 0.032313, 0.068307, 0.599043, -0.152451],
  [0.04611, 0.040296, 0.040589, -0.152451, 0.596004],
];

describe('the shrunk covariance', () => {
  it("equals scikit-learn's ledoit_wolf", () => {
    const covariance = ledoitWolf(formulaRows());
    for (const [i, row] of expected.entries())
      for (const [j, value] of row.entries())
        expect(covariance[i][j], `${i}, ${j}`).toBeCloseTo(value, 5);
  });

  it('can be inverted if rows are fewer than columns, or constant', () => {
    for (const rows of [
      formulaRows().slice(0, 3),
      [
        [0, 1],
        [0, -1],
        [0, 0],
      ].map((row) => Float64Array.from(row)),
    ]) {
      const covariance = ledoitWolf(rows);
      const zeros = covariance.map(() => 0);
      const distance = mahalanobis({ mean: zeros, std: zeros.map(() => 1), covariance });
      expect(distance(zeros)).toBe(0);
      expect(distance(zeros.map(() => 1))).toBeGreaterThan(0);
    }
  });
});

describe('the distance', () => {
  it("is SciPy's mahalanobis, divided by the root of the number of values", () => {
    // SciPy 1.17.1: mahalanobis([0.3, -0.2, 0.5, 1, -1], zeros, inv(covariance)) / sqrt(5), with the covariance above.
    const distance = mahalanobis({
      mean: [1, 1, 1, 1, 1],
      std: [2, 2, 2, 2, 2],
      covariance: expected,
    });
    expect(distance([1.6, 0.6, 2, 3, -1])).toBeCloseTo(0.8045522, 5);
  });

  it('refuses a matrix that is not a covariance', () => {
    const [mean, std] = [
      [0, 0],
      [1, 1],
    ];
    expect(() =>
      mahalanobis({
        mean,
        std,
        covariance: [
          [1, 2],
          [2, 1],
        ],
      }),
    ).toThrow('The covariance is not positive definite.');
  });
});
