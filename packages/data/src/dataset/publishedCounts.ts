interface Published {
  /** What is counted: "Retinopathy grades 0 to 3". */
  readonly what: string;
  readonly found: readonly number[];
  readonly published: readonly number[];
  /** Other counts that are right too, and why. */
  readonly accepted?: { readonly counts: readonly (readonly number[])[]; readonly because: string };
}

/** One sentence with the counts of a data set beside those that its publishers give, and what differs. */
export function publishedCounts({ what, found, published, accepted }: Published): string {
  const show = (counts: readonly number[]): string =>
    counts.map((count) => count.toLocaleString('en')).join(' / ');
  const same = (counts: readonly number[]): boolean =>
    counts.every((count, i) => count === found[i]);
  if (same(published)) return `${what}: ${show(found)} images, as published.`;
  if (accepted?.counts.some(same))
    return `${what}: ${show(found)} images; published: ${show(published)}. ${accepted.because}`;
  const differences = found.map((count, i) =>
    count === published[i]
      ? '0'
      : `${count > published[i] ? '+' : '-'}${Math.abs(count - published[i]).toLocaleString('en')}`,
  );
  return `${what}: ${show(found)} images; published: ${show(published)}; differs by ${differences.join(' / ')}.`;
}
