/**
 * Compares names in natural order: "image 2" before "image 10". Case decides only between names that are otherwise equal.
 * The order is the same on every machine, since no locale is involved.
 */
export function naturalCompare(a: string, b: string): number {
  return compareChunks(chunks(a.toLowerCase()), chunks(b.toLowerCase())) || compareText(a, b);
}

const chunks = (text: string): string[] => text.match(/\d+|\D+/g) ?? [];
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const isNumber = (chunk: string): boolean => /^\d/.test(chunk);

function compareChunks(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order =
      isNumber(a[i]) && isNumber(b[i]) ? compareNumbers(a[i], b[i]) : compareText(a[i], b[i]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Digits of any length, without loss of precision: apart from leading zeros, the longer number is the larger one. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || compareText(x, y);
}
