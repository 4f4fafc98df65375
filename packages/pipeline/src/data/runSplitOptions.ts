import type { SplitOptions } from '@nonlocal-med/data';
import type { RunConfig } from '../config/runConfigSchema.js';

/** How a run divides its images: with the seed of the run, unless the split has one of its own. */
export function runSplitOptions({ split, seed }: Pick<RunConfig, 'split' | 'seed'>): SplitOptions {
  return { ...split, seed: split.seed ?? seed };
}
