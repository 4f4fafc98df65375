import type { Random } from '@nonlocal-med/core';

/**
 * Iterative stratification (Sechidis et al. 2011, "On the stratification of multi-label data"), of groups instead of single
 * samples: a group counts as one unit with the sums of its samples' labels. The finding with the fewest positives that are
 * not yet assigned comes first; each of its groups, the largest first, goes to the part that lacks the most positives of it,
 * on a tie to the one that lacks the most samples. Groups without a finding fill the parts up to their sizes.
 * @param sizes samples of each group, [groups]
 * @param positives samples with each finding of each group, [groups, findings]
 * @param fractions share of each part, [parts]; they sum to 1
 * @returns the part of each group, [groups]
 */
export function iterativeStratification(
  {
    sizes,
    positives,
  }: { readonly sizes: readonly number[]; readonly positives: readonly (readonly number[])[] },
  fractions: readonly number[],
  random: Random,
): number[] {
  const findings = positives[0].map((_, finding) => finding);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const remaining = findings.map((f) => positives.reduce((sum, row) => sum + row[f], 0));
  const lackedSamples = fractions.map((fraction) => fraction * total);
  const lacked = fractions.map((fraction) => remaining.map((count) => fraction * count)); // [parts, findings]
  const parts = new Array<number>(sizes.length).fill(-1);
  const order = random.shuffle(sizes.map((_, group) => group));
  const assign = (group: number, part: number): void => {
    parts[group] = part;
    lackedSamples[part] -= sizes[group];
    positives[group].forEach((count, f) => {
      remaining[f] -= count;
      lacked[part][f] -= count;
    });
  };
  const open = (weight: (group: number) => number): number[] =>
    order
      .filter((group) => parts[group] < 0 && weight(group) > 0)
      .sort((a, b) => weight(b) - weight(a));
  for (;;) {
    const rarest = findings
      .filter((f) => remaining[f] > 0)
      .reduce((best, f) => (best < 0 || remaining[f] < remaining[best] ? f : best), -1);
    if (rarest < 0) break;
    for (const group of open((index) => positives[index][rarest]))
      assign(group, neediest([lacked.map((row) => row[rarest]), lackedSamples], random));
  }
  for (const group of open((index) => sizes[index]))
    assign(group, neediest([lackedSamples], random));
  return parts;
}

/** The part with the largest value of the first criterion, on ties of the next one, then at random. */
function neediest(criteria: readonly (readonly number[])[], random: Random): number {
  let best = criteria[0].map((_, part) => part);
  for (const values of criteria) {
    const largest = Math.max(...best.map((part) => values[part]));
    best = best.filter((part) => values[part] > largest - 1e-9);
  }
  return best.length === 1 ? best[0] : best[random.integer(best.length)];
}
