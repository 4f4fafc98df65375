/** Mean over the classes of the one-against-rest area under the ROC curve, ties counted half. */
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
