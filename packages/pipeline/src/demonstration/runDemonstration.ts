import { join } from 'node:path';
import type { TaskComparison } from '@nonlocal-med/metrics';
import { mergeOptions } from '../config/mergeOptions.js';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { syntheticBase } from '../config/syntheticBase.js';
import { compareRuns } from '../run/compareRuns.js';
import type { RunOutcome } from '../run/completeRun.js';
import type { ProgressListener } from '../run/progressListener.js';
import { startRun } from '../run/startRun.js';

/** The models that the demonstration compares: the backbone alone, and the full method. */
export const demonstrationModels = ['resnet18', 'resnet18-nla'] as const;

/** What to change about the demonstration. */
export interface DemonstrationOptions {
  readonly seed?: number;
  /** Number of images; default 1000. */
  readonly images?: number;
  /** Height and width of the images in pixels; default 96. */
  readonly size?: number;
  readonly epochs?: number;
  readonly engine?: 'auto' | 'native' | 'wasm';
}

/** Result of the demonstration. */
export interface DemonstrationResult {
  readonly runs: readonly (RunOutcome & { readonly model: string; readonly seconds: number })[];
  /** The method compared with the baseline on the same test images; absent if a run was interrupted. */
  readonly comparison?: TaskComparison;
}

/**
 * Trains the baseline and the method on the built-in synthetic images, one after the other, and compares them on the same
 * test images.
 * @throws InputError if the folder of a run exists and is not empty.
 */
export async function runDemonstration({
  folder,
  signal,
  listener,
  ...options
}: DemonstrationOptions & {
  folder: string;
  signal?: AbortSignal;
  listener: (model: string) => ProgressListener;
}): Promise<DemonstrationResult> {
  const runs: DemonstrationResult['runs'][number][] = [];
  for (const model of demonstrationModels) {
    const began = performance.now();
    const outcome = await startRun(demonstrationConfig(model, options), {
      folder: join(folder, model),
      signal,
      ...listener(model),
    });
    runs.push({ ...outcome, model, seconds: (performance.now() - began) / 1000 });
    if (outcome.reason === 'interrupted') return { runs };
  }
  const [baseline, method] = runs;
  return { runs, comparison: await compareRuns(baseline.folder, method.folder) };
}

/** Configuration of one run of the demonstration: images, split, order and initial backbone weights are shared by all models. */
export function demonstrationConfig(
  model: string,
  { seed = 0, images, size, epochs, engine }: DemonstrationOptions,
): RunConfig {
  return parseRunConfig(
    mergeOptions(syntheticBase, {
      data: { images, size, seed },
      split: { validation: 0 },
      preprocessing: { size },
      model: { name: model },
      training: { epochs },
      engine: { backend: engine },
      explanations: { seconds: 10 },
      seed,
    }),
  );
}
