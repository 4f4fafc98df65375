import { cpus, totalmem } from 'node:os';
import { summarizeSplit } from '@nonlocal-med/data';
import type { EngineInfo } from '@nonlocal-med/engine';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { RunData } from '../data/runData.js';
import { sourceCommit } from './sourceCommit.js';
import { versions } from './versions.js';

/** What `environment.json` says of where and on what a run was made. */
export async function describeEnvironment({
  config,
  data,
  engine,
}: {
  config: RunConfig;
  data: RunData;
  engine: EngineInfo;
}): Promise<Record<string, unknown>> {
  const { dataset, split, notes } = data;
  return {
    created: new Date().toISOString(),
    versions: versions(),
    commit: await sourceCommit(),
    engine,
    machine: {
      platform: process.platform,
      architecture: process.arch,
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
    },
    seed: config.seed,
    data: {
      name: dataset.name,
      classes: dataset.classes,
      fingerprint: dataset.fingerprint,
      images: dataset.samples.length,
      split: summarizeSplit(split, dataset.classes.length),
      skipped: dataset.skipped,
      notes,
    },
  };
}
