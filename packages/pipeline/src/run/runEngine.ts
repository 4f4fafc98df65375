import { readFile } from 'node:fs/promises';
import { type EngineInfo, openKernelTable, useEngine } from '@nonlocal-med/engine';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { setKernelChoices } from '@nonlocal-med/tensor';
import { restoreKernelChoices } from '@nonlocal-med/train';
import type { RunConfig } from '../config/runConfigSchema.js';
import { versions } from './describeEnvironment.js';

/**
 * Sets the engine that a run was begun on, with as many threads and, where the run is complete, the kernels that it used,
 * so that its numbers are repeated to the bit. (Those of a run that goes on come with its checkpoint.)
 * @param engine another one, where the user wants that.
 * @returns the engine, and a sentence on what of it differs from the run's beginning.
 * @throws UnavailableError where native TensorFlow is needed and cannot be had.
 */
export async function useRunEngine(
  run: RunFolder,
  { engine: configured }: Pick<RunConfig, 'engine'>,
  engine?: 'auto' | 'native' | 'wasm',
): Promise<{ engine: EngineInfo; note?: string }> {
  const before = (run.environment as { engine?: Partial<EngineInfo> } | null)?.engine;
  const wanted = engine ?? before?.engine ?? configured.backend;
  const asBefore =
    wanted === before?.engine && wanted === 'native'
      ? { threads: before.threads, device: before.device }
      : {};
  const now = await useEngine({ ...configured, ...asBefore, backend: wanted });
  const kernels = chooseKernels(now, configured);
  restoreKernelChoices(await recordedKernels(run));
  const differing = (['engine', 'device', 'threads', 'tensorflow', 'oneDnn'] as const).filter(
    (key) => before !== undefined && before[key] !== now[key],
  );
  if (differing.length === 0) return { engine: now, note: kernels };
  const changes = differing.map((key) => `${key} ${before?.[key]} then, ${now[key]} now`);
  return {
    engine: now,
    note: `The engine is not the one that the run began with (${changes.join('; ')}): the last bits of its numbers may differ.${kernels === undefined ? '' : ` ${kernels}`}`,
  };
}

/** What a complete run wrote beside its metrics; null where there is none or it cannot be read. */
async function recordedKernels(run: RunFolder): Promise<unknown> {
  try {
    return JSON.parse(await readFile(run.file(runFiles.kernels), 'utf8'));
  } catch {
    return null;
  }
}

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
