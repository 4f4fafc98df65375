import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import {
  hidePaths,
  isPlainObject,
  leftToRun,
  parseRunConfig,
  type RawOptions,
  revealPaths,
  type RunConfig,
  upgradeOptions,
} from '@nonlocal-med/pipeline';
import { experimentFiles, isRunFolder, openRunFolder } from '@nonlocal-med/runs';
import { stringify } from 'yaml';
import { copyPredictions } from './externalRows.js';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';
import type { PreparedExperiment } from './prepareExperiment.js';

/**
 * Age at which a partial file is deleted, in milliseconds. A younger one may belong to a process that is still writing.
 */
const STALE_AGE = 60_000;
/** Sections of a configuration that affect no result, or only its last bits. */
const IGNORED_SECTIONS: readonly string[] = ['loader', 'engine', 'explanations'];

/**
 * Creates the folder of an experiment, or opens it to continue. Rows and repeats can be added, but runs that exist must
 * have been started with the options and images of the plan. Writes the manifest, and the definition with all options,
 * from which the same experiment can be started in another folder.
 * @param prepared the plan's data set, and the manifest to write
 * @throws InputError if the folder contains something else, or with every difference of every run.
 */
export async function openExperiment(
  folder: string,
  plan: ExperimentPlan,
  { manifest, dataset }: Pick<PreparedExperiment, 'manifest' | 'dataset'>,
): Promise<void> {
  const written = dataset.hidesNames === true ? await hidePaths(plan.definition) : plan.definition;
  const definition = stringify(written);
  await requireExperimentFolder(folder, definition);
  // New images of later repeats are determined by their options, which are compared.
  const hasNewImages = (repeat: number): boolean => plan.repeats.kind === 'images' && repeat > 0;
  const issues = await Promise.all(
    plan.runs.map((run) =>
      runDifferences(
        join(folder, run.folder),
        run,
        hasNewImages(run.repeat) ? undefined : dataset.fingerprint,
      ),
    ),
  );
  throwIssues(issues.flat());
  // The manifest makes the folder an experiment, so that it comes last.
  await writeAtomic(join(folder, experimentFiles.definition), definition);
  await copyPredictions(folder, plan);
  await writeAtomic(
    join(folder, experimentFiles.manifest),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
}

/**
 * Removes what killed processes left.
 * @param definition its text: a folder that holds exactly it is that of an experiment that was killed before it had a
 * manifest. Another one may be a user's own file, and is not replaced.
 * @throws InputError if the folder has other contents
 */
async function requireExperimentFolder(folder: string, definition: string): Promise<void> {
  const hint = 'a folder that is new, empty, or contains an experiment';
  const names: string[] = await mkdir(folder, { recursive: true }).then(
    () => readdir(folder),
    (error: NodeJS.ErrnoException) => {
      throw new InputError(
        { path: folder, message: `cannot be created: ${error.code}`, hint },
        { cause: error },
      );
    },
  );
  const partial = names.filter((name) => /^experiment\.(json|yaml)\.\d+(\.partial)?$/.test(name));
  const others = names.filter((name) => !partial.includes(name));
  const isExperiment =
    names.includes(experimentFiles.manifest) || (await holdsDefinition(folder, definition));
  if (others.length > 0 && !isExperiment) {
    const examples = `${others.slice(0, 3).join(', ')}${others.length > 3 ? ', ...' : ''}`;
    const message = `is not an experiment: it contains ${examples}`;
    throw new InputError({ path: folder, message, hint });
  }
  await Promise.all(partial.map((name) => removeStale(join(folder, name))));
}

const holdsDefinition = (folder: string, definition: string): Promise<boolean> =>
  readFile(join(folder, experimentFiles.definition), 'utf8').then(
    (text) => text === definition,
    () => false,
  );

async function removeStale(file: string): Promise<void> {
  const age = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > STALE_AGE) await rm(file, { force: true });
}

/** What the environment of a run records, unchecked. */
interface RecordedEnvironment {
  readonly data?: { readonly fingerprint?: string };
  readonly decided?: readonly string[];
}

/**
 * Issues of an existing run that was started with other options or on other images than planned.
 * @param fingerprint of the planned images; undefined if they need no comparison
 */
async function runDifferences(
  runFolder: string,
  { config }: PlannedRun,
  fingerprint: string | undefined,
): Promise<Issue[]> {
  if (!(await isRunFolder(runFolder))) return [];
  const run = await openRunFolder(runFolder);
  const { options } = upgradeOptions((run.config ?? {}) as RawOptions);
  // Hidden paths need no comparison: the fingerprint below tells whether the images are the same.
  const revealed = revealPaths(options, config);
  const environment = (run.environment ?? {}) as RecordedEnvironment;
  const issues = optionDifferences(withDefaults(revealed), config, environment).map(
    ({ path, before, now }): Issue => ({
      path: runFolder,
      message: `was started with ${path} ${before}, which is now ${now}`,
      hint: 'the original options, or another --out',
    }),
  );
  const before = environment.data?.fingerprint;
  if (before !== undefined && fingerprint !== undefined && before !== fingerprint)
    issues.push({
      path: runFolder,
      message: `was started on other images: fingerprint ${before.slice(0, 12)} then, ${fingerprint.slice(0, 12)} now`,
      hint: 'the original data set, or another --out',
    });
  return issues;
}

/** Stored options with the defaults of options that did not exist when they were stored; as they are if they are invalid. */
function withDefaults(options: RawOptions): object {
  try {
    return parseRunConfig(options);
  } catch (error) {
    if (error instanceof InputError) return options;
    throw error;
  }
}

/** One option with two values, as JSON. */
interface OptionDifference {
  /** Dotted path. */
  readonly path: string;
  readonly before: string;
  readonly now: string;
}

/**
 * Options that affect results and differ between a stored and a planned configuration. An option that the run decided may
 * still be left to it. Runs of earlier versions do not record what they decided, which is not counted as a difference.
 */
function optionDifferences(
  before: object,
  now: RunConfig,
  { decided = Object.keys(leftToRun) }: RecordedEnvironment,
): OptionDifference[] {
  return compareOptions(relevantOptions(before), relevantOptions(now), '').filter(
    (difference) =>
      !decided.includes(difference.path) || difference.now !== jsonOf(leftToRun[difference.path]),
  );
}

/** The sections that affect results, as they are after writing and reading a file. */
const relevantOptions = (config: object): unknown =>
  Object.fromEntries(
    Object.entries(JSON.parse(JSON.stringify(config)) as object).filter(
      ([section]) => !IGNORED_SECTIONS.includes(section),
    ),
  );

function compareOptions(before: unknown, now: unknown, path: string): OptionDifference[] {
  if (isPlainObject(before) && isPlainObject(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return names.flatMap((name) =>
      compareOptions(before[name], now[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [a, b] = [jsonOf(before), jsonOf(now)];
  return a === b ? [] : [{ path, before: a, now: b }];
}

const jsonOf = (value: unknown): string => JSON.stringify(value) ?? 'unset';
