import { InputError } from '@nonlocal-med/core';
import type { RunFolder } from '@nonlocal-med/runs';
import type { RunData } from '../data/runData.js';

/**
 * A run goes on, or is evaluated, on the images it began with.
 * @throws InputError when the data set's contents have changed since.
 */
export function requireSameData(run: RunFolder, { dataset }: RunData): void {
  const before = (run.environment as { data?: { fingerprint?: string; images?: number } }).data;
  if (before?.fingerprint === dataset.fingerprint) return;
  throw new InputError({
    path: run.path,
    message: `the images have changed since the run began: ${before?.images ?? 'unknown'} images with fingerprint ${before?.fingerprint?.slice(0, 12) ?? 'unknown'} then, ${dataset.samples.length} with ${dataset.fingerprint.slice(0, 12)} now`,
    hint: 'bring the data set back to what it was, or begin a new run',
  });
}
