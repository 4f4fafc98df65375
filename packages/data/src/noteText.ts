/** A number with its noun: "1 image", "1,200 images". */
export const countOf = (count: number, singular: string, plural = `${singular}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? singular : plural}`;

/** The first names of a list, for a sentence. */
export const shortList = (names: readonly string[], most = 3): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')}, ...`;

interface Published {
  /** What is counted: "Retinopathy grades 0 to 3". */
  readonly what: string;
  readonly found: readonly number[];
  readonly published: readonly number[];
  /** Other counts that are also correct, and why. */
  readonly accepted?: { readonly counts: readonly (readonly number[])[]; readonly because: string };
}

/** One sentence that compares the counts of a data set with the published ones. */
export function publishedCounts({ what, found, published, accepted }: Published): string {
  const show = (counts: readonly number[]): string =>
    counts.map((count) => count.toLocaleString('en')).join(' / ');
  const equalsFound = (counts: readonly number[]): boolean =>
    counts.every((count, i) => count === found[i]);
  if (equalsFound(published)) return `${what}: ${show(found)} images, as published.`;
  if (accepted?.counts.some(equalsFound))
    return `${what}: ${show(found)} images; published: ${show(published)}. ${accepted.because}`;
  const differences = found.map((count, i) =>
    count === published[i]
      ? '0'
      : `${count > published[i] ? '+' : '-'}${Math.abs(count - published[i]).toLocaleString('en')}`,
  );
  return `${what}: ${show(found)} images; published: ${show(published)}; differs by ${differences.join(' / ')}.`;
}
