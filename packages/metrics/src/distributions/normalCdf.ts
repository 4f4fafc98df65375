import { normalTails } from './normalTails.js';

/** P(Z <= z) of the standard normal distribution; relative accuracy also far in the lower tail. */
export function normalCdf(z: number): number {
  return normalTails(z).lower;
}
