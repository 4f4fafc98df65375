import type { RunsComparison } from './runsComparison.js';

/** `120 test images, weights of the chosen epoch`. */
export function weightsTitle({ weights, differences }: RunsComparison): string {
  return `${differences[0].comparison.samples} test images, weights of the ${weights === 'last' ? 'last' : 'chosen'} epoch`;
}
