import type { Sample } from '@nonlocal-med/core';

/**
 * Weights that make each class count equally in a loss: n / (K n_c) for class c (scikit-learn's `balanced`).
 *
 * @param labels class indices, [n]
 * @returns weights, [classCount]; 1 on average over the labels
 * @throws RangeError if a class has no label, or a label is not a class index
 */
export function balancedClassWeights(labels: ArrayLike<number>, classCount: number): number[] {
  const counts = new Array<number>(classCount).fill(0);
  for (let i = 0; i < labels.length; i++) {
    if (!Number.isInteger(labels[i]) || labels[i] < 0 || labels[i] >= classCount)
      throw new RangeError(
        `Label ${labels[i]} at index ${i} is not a class index (0 to ${classCount - 1}).`,
      );
    counts[labels[i]]++;
  }
  const empty = counts.indexOf(0);
  if (empty >= 0)
    throw new RangeError(
      `Class ${empty} has no images, so it has no balanced weight (counts: ${counts.join(', ')}).`,
    );
  return counts.map((count) => labels.length / (classCount * count));
}

/**
 * Factors on the loss of positive labels by which positive and negative labels of each finding count equally: negatives /
 * positives over the labels that are known, as the documentation of PyTorch's `BCEWithLogitsLoss` suggests for `pos_weight`.
 * @param samples with findings
 * @param findings number of findings
 * @returns factors, [findings]; 1 for a finding of which all known labels are equal, since there is nothing to balance
 */
export function balancedPositiveWeights(
  samples: readonly Pick<Sample, 'findings'>[],
  findings: number,
): number[] {
  return Array.from({ length: findings }, (_, finding) => {
    const labels = samples.map((sample) => sample.findings?.[finding]);
    const [negatives, positives] = [0, 1].map(
      (value) => labels.filter((label) => label === value).length,
    );
    return negatives === 0 || positives === 0 ? 1 : negatives / positives;
  });
}
