import { studentTails } from './studentTails.js';

/** P(T <= t) of Student's t distribution; relative accuracy also far in the lower tail. */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  return studentTails(t, degreesOfFreedom).lower;
}
