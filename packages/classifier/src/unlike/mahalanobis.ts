import type { StatisticsGroup } from '@nonlocal-med/runs/model';

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
