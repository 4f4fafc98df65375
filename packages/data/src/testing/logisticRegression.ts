/**
 * Multinomial logistic regression with an L2 penalty on standardized features: scikit-learn's
 * `make_pipeline(StandardScaler(), LogisticRegression(C=c))`, by gradient descent with momentum.
 * Returns the probabilities of the rows of `test`, [rows, classes].
 */
export function logisticRegression(
  train: { features: number[][]; labels: number[] },
  test: number[][],
  { classes, c = 0.1, steps = 600 }: { classes: number; c?: number; steps?: number },
): number[][] {
  const width = train.features[0].length;
  const mean = Array.from({ length: width }, (_, j) =>
    average(train.features.map((row) => row[j])),
  );
  const std = mean.map(
    (m, j) => Math.sqrt(average(train.features.map((row) => (row[j] - m) ** 2))) || 1,
  );
  const standardize = (rows: number[][]): number[][] =>
    rows.map((row) => row.map((value, j) => (value - mean[j]) / std[j]));
  const x = standardize(train.features);
  const weights = new Float64Array(classes * (width + 1));
  const velocity = new Float64Array(weights.length);
  // A bound on the curvature: features have unit variance, so their squared norm is at most rows * width
  const rate = 2 / (c * x.length * (1 + 0.25 * width) + 1);
  for (let step = 0; step < steps; step++) {
    const gradient = new Float64Array(weights.length);
    x.forEach((row, i) => {
      probabilities(weights, row, classes).forEach((p, k) => {
        const error = c * (p - (train.labels[i] === k ? 1 : 0));
        for (let j = 0; j < width; j++) gradient[k * (width + 1) + j] += error * row[j];
        gradient[k * (width + 1) + width] += error;
      });
    });
    for (let j = 0; j < weights.length; j++) {
      velocity[j] =
        0.9 * velocity[j] - rate * (gradient[j] + (j % (width + 1) === width ? 0 : weights[j]));
      weights[j] += velocity[j];
    }
  }
  return standardize(test).map((row) => probabilities(weights, row, classes));
}

function probabilities(weights: Float64Array, row: number[], classes: number): number[] {
  const scores = Array.from({ length: classes }, (_, k) => {
    const at = k * (row.length + 1);
    let score = weights[at + row.length];
    for (let j = 0; j < row.length; j++) score += weights[at + j] * row[j];
    return score;
  });
  const largest = Math.max(...scores);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

function average(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Mean over the classes of the one-vs-rest area under the ROC curve; ties count half. */
export function macroAuc(labels: number[], probabilities: number[][]): number {
  const classes = probabilities[0].map((_, k) => k);
  return (
    classes.reduce(
      (sum, k) =>
        sum +
        auc(
          labels.map((label) => label === k),
          probabilities.map((row) => row[k]),
        ),
      0,
    ) / classes.length
  );
}

function auc(positive: boolean[], scores: number[]): number {
  let wins = 0;
  let pairs = 0;
  scores.forEach((score, i) => {
    if (!positive[i]) return;
    scores.forEach((other, j) => {
      if (positive[j]) return;
      pairs++;
      wins += score > other ? 1 : score === other ? 0.5 : 0;
    });
  });
  return wins / pairs;
}
