import { useEngine, type EngineInfo } from '@nonlocal-med/engine';
import type { RunFolder } from '@nonlocal-med/train';
import type { RunConfig } from '../config/runConfigSchema.js';

/**
 * Sets the engine that a run was begun on, with as many threads, so that its numbers are repeated to the bit.
 * @param engine another one, where the user wants that.
 * @returns the engine, and a sentence on what of it differs from the run's beginning.
 * @throws UnavailableError where native TensorFlow is needed and cannot be had.
 */
export async function useRunEngine({ environment }: RunFolder, { engine: configured }: Pick<RunConfig, 'engine'>, engine?: 'auto' | 'native' | 'wasm'): Promise<{ engine: EngineInfo; note?: string }> {
  const before = (environment as { engine?: Partial<EngineInfo> } | null)?.engine;
  const wanted = engine ?? before?.engine ?? configured.engine;
  const asBefore = wanted === before?.engine && wanted === 'native' ? { threads: before.threads, device: before.device } : {};
  const now = await useEngine({ ...configured, ...asBefore, engine: wanted });
  const differing = (['engine', 'device', 'threads', 'tensorflow', 'oneDnn'] as const).filter((key) => before !== undefined && before[key] !== now[key]);
  if (differing.length === 0) return { engine: now };
  const changes = differing.map((key) => `${key} ${before?.[key]} then, ${now[key]} now`);
  return { engine: now, note: `The engine is not the one that the run began with (${changes.join('; ')}): the last bits of its numbers may differ.` };
}
