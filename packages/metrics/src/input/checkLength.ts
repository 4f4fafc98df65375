/** @throws RangeError when two arrays over the same samples differ in length. */
export function checkLength(name: string, actual: number, expected: number): void {
  if (actual !== expected) throw new RangeError(`${name} has ${actual} entries where the labels have ${expected}.`);
}
