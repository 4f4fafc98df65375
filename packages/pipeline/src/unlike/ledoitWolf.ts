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
