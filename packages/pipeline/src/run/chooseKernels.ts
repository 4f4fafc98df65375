import { type EngineInfo, openKernelTable } from '@nonlocal-med/engine';
import { setKernelChoices } from '@nonlocal-med/tensor';
import type { RunConfig } from '../config/runConfigSchema.js';
import { versions } from './versions.js';

/**
 * Has TensorFlow's kernels chosen as a run's configuration says: by what this machine measured once and all its processes
 * share, or in a fixed order. What a run has recorded goes before either (`takeKernelChoices`).
 * @returns a sentence where measured choices cannot be shared, and the fixed order serves
 */
export function chooseKernels(
  engine: EngineInfo,
  { kernels }: RunConfig['engine'],
): string | undefined {
  const wanted = kernels === 'measured' && engine.engine === 'native' && engine.device === 'cpu';
  const shared = wanted ? openKernelTable(engine, versions()['@nonlocal-med/tensor']) : null;
  setKernelChoices({}, { measure: shared !== null, shared });
  return wanted && shared === null
    ? "TensorFlow's kernels are used in a fixed order: the cache folder cannot be written, so measured choices could not be kept."
    : undefined;
}
