/**
 * Whole numbers of images per class for one side of a split: `share` of each class, rounded by largest remainder so
 * that their sum is `share` of all images rounded. A class of two or more images gets at least one and keeps one.
 */
export function integerTargets(classCounts: readonly number[], share: number): number[] {
  const exact = classCounts.map((count) => count * share);
  const targets = exact.map(Math.floor);
  const total = Math.round(exact.reduce((sum, value) => sum + value, 0));
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let missing = total - targets.reduce((sum, value) => sum + value, 0);
  for (const { index } of byRemainder) if (missing-- > 0) targets[index]++;
  return targets.map((target, index) =>
    classCounts[index] < 2 || share === 0
      ? target
      : Math.min(Math.max(target, 1), classCounts[index] - 1),
  );
}

/** Images per fold and class, [folds][classes]: they differ by at most one within a class, and in their sums. */
export function foldTargets(classCounts: readonly number[], folds: number): number[][] {
  const targets = Array.from({ length: folds }, () =>
    classCounts.map((count) => Math.floor(count / folds)),
  );
  let next = 0;
  classCounts.forEach((count, label) => {
    for (let extra = count % folds; extra > 0; extra--) targets[next++ % folds][label]++;
  });
  return targets;
}
