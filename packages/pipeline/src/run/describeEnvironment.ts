import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { summarizeSplit } from '@nonlocal-med/data';
import type { EngineInfo } from '@nonlocal-med/engine';
import type { RunConfig } from '../config/runConfigSchema.js';
import type { RunData } from '../data/runData.js';

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

const require = createRequire(import.meta.url);
const packages = [
  'core',
  'engine',
  'tensor',
  'nonlocal',
  'models',
  'metrics',
  'data',
  'train',
] as const;

/** Versions of the packages that a run's numbers come from, and of Node. */
export function versions(): Record<string, string> {
  const own = packages.map((name): [string, string] => {
    const manifest = JSON.parse(
      readFileSync(require.resolve(`@nonlocal-med/${name}/package.json`), 'utf8'),
    ) as { name: string; version: string };
    return [manifest.name, manifest.version];
  });
  return { ...Object.fromEntries(own), node: process.version };
}

/** Commit of the checkout that this code runs from, marked when files differ from it; null where it is installed from a package. */
async function sourceCommit(): Promise<string | null> {
  const cwd = dirname(fileURLToPath(import.meta.url));
  const git = async (...parameters: string[]): Promise<string> =>
    (await promisify(execFile)('git', parameters, { cwd })).stdout.trim();
  try {
    await git('ls-files', '--error-unmatch', '../../package.json');
    const commit = await git('rev-parse', 'HEAD');
    return (await git('status', '--porcelain')) === '' ? commit : `${commit} with changes`;
  } catch {
    return null;
  }
}
