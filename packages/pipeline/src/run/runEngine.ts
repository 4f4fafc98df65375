import { readRegularFile } from '@nonlocal-med/core/node';
import { type EngineInfo, openKernelTable, useEngine } from '@nonlocal-med/engine';
import { runFiles, type RunFolder } from '@nonlocal-med/runs';
import { setKernelChoices } from '@nonlocal-med/tensor';
import { restoreKernelChoices } from '@nonlocal-med/train';
import type { RunConfig } from '../config/runConfigSchema.js';
import { recordedEnvironment, versions } from './describeEnvironment.js';
import { memberEngine, type RunCluster } from './runCluster.js';

/** What may differ from how a run was started. */
interface RunEngineOptions {
  /** Overrides the recorded backend. */
  readonly backend?: 'auto' | 'native' | 'wasm';
  readonly cluster?: RunCluster;
}

/**
 * Selects the backend that a run was started on, with the same number of threads and, for a complete run, the same
 * kernels, so that its numbers are reproduced bit for bit. (The kernels of an unfinished run are in its checkpoint.)
 * @returns the engine in use, and a note if it differs from the recorded one
 * @throws UnavailableError if native TensorFlow is required but not available.
 */
export async function useRunEngine(
  run: RunFolder,
  { engine: configured }: Pick<RunConfig, 'engine'>,
  { backend, cluster }: RunEngineOptions = {},
): Promise<{ engine: EngineInfo; note?: string }> {
  const { engine: before } = recordedEnvironment(run);
  const wanted = backend ?? before?.engine ?? configured.backend;
  const recorded =
    wanted === before?.engine && wanted === 'native'
      ? { threads: before.threads, device: before.device }
      : {};
  const engine = await useEngine({
    ...memberEngine(configured, cluster),
    ...recorded,
    backend: wanted,
  });
  const kernels = chooseKernels(engine, configured);
  restoreKernelChoices(await recordedKernels(run));
  const differing = (['engine', 'device', 'threads', 'tensorflow', 'oneDnn'] as const).filter(
    (key) => before !== undefined && before[key] !== engine[key],
  );
  if (differing.length === 0) return { engine, note: kernels };
  const changes = differing.map((key) => `${key} ${before?.[key]} then, ${engine[key]} now`);
  return {
    engine,
    note: `The compute backend differs from the one the run was started on (${changes.join('; ')}), so results may differ in the last bits.${kernels === undefined ? '' : ` ${kernels}`}`,
  };
}

/** The kernels that a complete run records in `kernels.json`; null if the file is missing or unreadable. */
async function recordedKernels(run: RunFolder): Promise<unknown> {
  try {
    return JSON.parse(await readRegularFile(run.file(runFiles.kernels), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Selects between equivalent TensorFlow kernels as a configuration demands: those that this machine measured as fastest,
 * shared by all of its processes, or a fixed order. Kernels recorded by a run take precedence (`restoreKernelChoices`).
 * @returns a note if measured choices cannot be stored and the fixed order is used instead
 */
export function chooseKernels(
  engine: EngineInfo,
  { kernels }: RunConfig['engine'],
): string | undefined {
  const wanted = kernels === 'measured' && engine.engine === 'native' && engine.device === 'cpu';
  const shared = wanted ? openKernelTable(engine, versions()['@nonlocal-med/tensor']) : null;
  setKernelChoices({}, { measure: shared !== null, shared });
  return wanted && shared === null
    ? 'TensorFlow kernels are used in a fixed order: measured choices could not be stored because the cache folder is not writable.'
    : undefined;
}
