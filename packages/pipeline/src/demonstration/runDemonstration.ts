import { join } from 'node:path';
import type { PredictionComparison } from '@nonlocal-med/metrics';
import { parseRunConfig } from '../config/parseRunConfig.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { compareRuns } from '../run/compareRuns.js';
import type { RunOutcome } from '../run/completeRun.js';
import type { ProgressListener } from '../run/progressListener.js';
import { startRun } from '../run/startRun.js';

/** The models that the demonstration compares: the backbone alone, and the whole method on it. */
export const demonstrationModels = ['resnet18', 'resnet18-nla'] as const;

/** What came of the demonstration. */
export interface DemonstrationResult {
  readonly runs: readonly (RunOutcome & { readonly model: string; readonly seconds: number })[];
  /** The method against the baseline on the same test images; absent when a run was interrupted. */
  readonly comparison?: PredictionComparison;
}

/**
 * Trains the baseline and the method on the embedded tiny-lesions set, one after the other, and compares them on the same
 * test images.
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

/** What the demonstration can be asked to do differently. */
export interface DemonstrationOptions {
  readonly seed?: number;
  readonly images?: number;
  readonly size?: number;
  readonly epochs?: number;
  readonly engine?: 'auto' | 'native' | 'wasm';
}

/** One of the demonstration's two runs: the same images, split, order and backbone start for both models. */
export function demonstrationConfig(
  model: string,
  { seed = 0, images = 1000, size = 96, epochs = 4, engine = 'auto' }: DemonstrationOptions,
): RunConfig {
  return parseRunConfig({
    data: { kind: 'tiny-lesions', images, size, seed },
    split: { test: 0.4, validation: 0 },
    preprocessing: { size, contrast: 'local-mean' },
    augmentation: { diagonalFlip: 0, rotation: 0 },
    model: { name: model },
    training: { epochs, batchSize: 8, learningRate: 1e-3, schedule: { kind: 'linear' } },
    engine: { backend: engine },
    seed,
  });
}
