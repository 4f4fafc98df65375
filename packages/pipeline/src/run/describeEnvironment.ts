import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Task } from '@nonlocal-med/core';
import { summarizeSplit } from '@nonlocal-med/data';
import type { EngineInfo } from '@nonlocal-med/engine';
import type { RunFolder } from '@nonlocal-med/runs';
import type { ResolvedAugmentation } from '../config/resolveAugmentation.js';
import type { RunConfig } from '../config/runConfigSchema.js';
import { hasOrderedClasses, type RunData } from '../data/runData.js';
import type { LoadedWeights } from './createRunModel.js';

/** Contents of `environment.json`: what a run was computed with, and on which data. */
export interface RunEnvironment {
  readonly created: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Commit of this code; null when it is installed from a package. */
  readonly commit: string | null;
  readonly engine: EngineInfo;
  readonly machine: object;
  readonly seed: number;
  readonly data: {
    readonly name: string;
    /** Absent: `multiclass`. */
    readonly task?: Task;
    /** The classes, or the findings of the task `multilabel`. */
    readonly classes: readonly string[];
    /** Whether the classes are grades with an order. */
    readonly ordered: boolean;
    readonly fingerprint: string;
    readonly images: number;
    readonly split: object;
    /** What gives the split of the data set, and its leaks; absent if the run made the split. */
    readonly givenSplit?: RunData['dataset']['givenSplit'];
    readonly skipped: RunData['dataset']['skipped'];
    readonly notes: readonly string[];
    /** Observations that make the results of the test unreliable; absent in runs of earlier versions. */
    readonly cautions?: readonly string[];
  };
  /** Which augmentation was chosen, and why; absent in runs of earlier versions. */
  readonly augmentation?: Pick<ResolvedAugmentation, 'preset' | 'note'>;
  /**
   * Dotted paths of the options that were left to the run, which decided them by its images or its machine; absent in runs
   * of earlier versions.
   */
  readonly decided?: readonly string[];
  /** The file of pre-trained weights, if any. */
  readonly pretrained?: LoadedWeights;
}

/** Describes versions, engine, machine and data of a run that is about to start. */
export async function describeEnvironment({
  config,
  data: { dataset, split, notes, cautions },
  engine,
  augmentation,
  decided,
  pretrained,
}: {
  config: RunConfig;
  data: RunData;
  engine: EngineInfo;
  augmentation?: RunEnvironment['augmentation'];
  decided?: readonly string[];
  pretrained?: LoadedWeights;
}): Promise<RunEnvironment> {
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
      ...(dataset.task === 'multilabel' ? { task: dataset.task } : {}),
      classes: dataset.classes,
      ordered: hasOrderedClasses(config.data, dataset),
      fingerprint: dataset.fingerprint,
      images: dataset.samples.length,
      split: summarizeSplit(split, dataset.classes.length),
      ...(dataset.givenSplit === undefined ? {} : { givenSplit: dataset.givenSplit }),
      skipped: dataset.skipped,
      notes,
      cautions,
    },
    augmentation,
    decided,
    pretrained:
      pretrained !== undefined && dataset.hidesNames === true
        ? { ...pretrained, file: basename(pretrained.file) }
        : pretrained,
  };
}

/** The environment that the folder of a run records, unchecked: parts may be missing. */
export function recordedEnvironment({ environment }: RunFolder): Partial<RunEnvironment> {
  return environment ?? {};
}

const require = createRequire(import.meta.url);
const PACKAGES = [
  'core',
  'engine',
  'tensor',
  'nonlocal',
  'models',
  'metrics',
  'data',
  'train',
] as const;

/** Versions of Node and of the packages that affect the results of a run. */
export function versions(): Record<string, string> {
  const manifests = PACKAGES.map((name): [string, string] => {
    const manifest = JSON.parse(
      readFileSync(require.resolve(`@nonlocal-med/${name}/package.json`), 'utf8'),
    ) as { name: string; version: string };
    return [manifest.name, manifest.version];
  });
  return { ...Object.fromEntries(manifests), node: process.version };
}

/** Commit of the checkout that contains this code, marked if files differ from it; null for an installed package. */
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
