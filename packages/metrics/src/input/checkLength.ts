/** @throws RangeError when an array has not one entry for each sample. */
export function checkLength(name: string, actual: number, expected: number): void {
  if (actual !== expected)
    throw new RangeError(
      `${name} has ${actual} entries, expected ${expected}: one for each sample.`,
    );
}
