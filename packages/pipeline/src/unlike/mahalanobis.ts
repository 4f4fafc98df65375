import type { StatisticsGroup } from '@nonlocal-med/runs';

/**
 * The covariance of standardized rows, shrunk towards a multiple of the identity by the amount that has the smallest
 * expected error (Ledoit and Wolf, A well-conditioned estimator for large-dimensional covariance matrices, J. Multivariate
 * Anal. 88, 2004; as in scikit-learn's `ledoit_wolf` with centered data).
 * @param rows [images, statistics], each column with a mean of 0
 * @returns [statistics, statistics]
 */
export function ledoitWolf(rows: readonly Float64Array[]): number[][] {
  const [count, size] = [rows.length, rows[0].length];
  const covariance = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let [fourth, squares] = [0, 0];
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let [sum, products] = [0, 0];
      for (const row of rows) {
        sum += row[i] * row[j];
        products += (row[i] * row[j]) ** 2;
      }
      covariance[i][j] = sum / count;
      fourth += products / count;
      squares += (sum / count) ** 2;
    }
  const trace = covariance.reduce((sum, row, index) => sum + row[index], 0);
  const spread = squares - trace ** 2 / size;
  const shrinkage = spread <= 0 ? 1 : Math.min(1, (fourth - squares) / count / spread);
  return covariance.map((row, i) =>
    row.map((value, j) => (1 - shrinkage) * value + (i === j ? (shrinkage * trace) / size : 0)),
  );
}

/**
 * The distance of an image's statistics from those of the training images: Mahalanobis distance divided by the square root
 * of the number of statistics, about 1 for a usual image.
 * @throws RangeError if the covariance is not positive definite
 */
export function mahalanobis({
  mean,
  std,
  covariance,
}: Pick<StatisticsGroup, 'mean' | 'std' | 'covariance'>): (values: readonly number[]) => number {
  const lower = cholesky(covariance);
  return (values) => {
    // Solves lower * solution = standardized; the squared distance is the squared length of the solution.
    const solution = new Float64Array(mean.length);
    let squares = 0;
    for (const [i, row] of lower.entries()) {
      let rest = (values[i] - mean[i]) / std[i];
      for (let j = 0; j < i; j++) rest -= row[j] * solution[j];
      solution[i] = rest / row[i];
      squares += solution[i] ** 2;
    }
    return Math.sqrt(squares / mean.length);
  };
}

/** The lower triangular matrix whose product with its transpose is a positive definite matrix. */
function cholesky(matrix: readonly (readonly number[])[]): Float64Array[] {
  const lower = matrix.map(() => new Float64Array(matrix.length));
  for (let i = 0; i < matrix.length; i++)
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k++) rest -= lower[i][k] * lower[j][k];
      if (i === j && !(rest > 0)) throw new RangeError('The covariance is not positive definite.');
      lower[i][j] = i === j ? Math.sqrt(rest) : rest / lower[j][j];
    }
  return lower;
}
