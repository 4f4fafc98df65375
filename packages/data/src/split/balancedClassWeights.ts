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
