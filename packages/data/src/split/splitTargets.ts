/**
 * Number of images per class for one set of a split: `fraction` of each class, rounded by largest remainder so that
 * their sum is `fraction` of all images, rounded. A class of two or more images gives at least one and keeps at least
 * one.
 *
 * @param classCounts images per class, [classes]
 * @returns [classes]
 */
export function integerTargets(classCounts: readonly number[], fraction: number): number[] {
  const exact = classCounts.map((count) => count * fraction);
  const targets = exact.map(Math.floor);
  const total = Math.round(exact.reduce((sum, value) => sum + value, 0));
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let missing = total - targets.reduce((sum, value) => sum + value, 0);
  for (const { index } of byRemainder) if (missing-- > 0) targets[index]++;
  return targets.map((target, index) =>
    classCounts[index] < 2 || fraction === 0
      ? target
      : Math.min(Math.max(target, 1), classCounts[index] - 1),
  );
}

/**
 * Number of images per fold and class. Folds differ by at most one image within a class, and in their totals.
 *
 * @param classCounts images per class, [classes]
 * @returns [folds, classes]
 */
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
