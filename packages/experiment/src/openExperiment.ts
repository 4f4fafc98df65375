import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { isPlainObject, type RunConfig } from '@nonlocal-med/pipeline';
import {
  experimentFiles,
  type ExperimentManifest,
  isRunFolder,
  openRunFolder,
} from '@nonlocal-med/runs';
import { stringify } from 'yaml';
import type { ExperimentPlan, PlannedRun } from './planExperiment.js';

/** What a write left behind is taken away when it is this old, milliseconds: another process may be writing just now. */
const LEFT = 60_000;

/**
 * Makes an experiment's folder, or goes on with it: more rows and more repeats may be asked for than before, but a run
 * that is there must have been begun with the options and on the images that it would be begun with now. Beside the manifest
 * stands the definition with all options, which makes the same experiment in another folder.
 * @throws InputError for a folder that is something else, or with every run that differs and in what.
 */
export async function openExperiment(
  folder: string,
  plan: ExperimentPlan,
  {
    manifest,
    fingerprint,
  }: { readonly manifest: ExperimentManifest; readonly fingerprint: string },
): Promise<void> {
  await requireExperimentFolder(folder);
  const issues = await Promise.all(
    plan.runs.map((run) => differences(join(folder, run.folder), run, fingerprint)),
  );
  throwIssues(issues.flat());
  await writeAtomic(
    join(folder, experimentFiles.manifest),
    `${JSON.stringify(manifest, null, 2)}\n`,
  );
  await writeAtomic(join(folder, experimentFiles.definition), stringify(plan.definition));
}

async function requireExperimentFolder(folder: string): Promise<void> {
  const names: string[] = await mkdir(folder, { recursive: true }).then(
    () => readdir(folder),
    (error: NodeJS.ErrnoException) => {
      throw new InputError(
        {
          path: folder,
          message: `cannot be made: ${error.code}`,
          hint: "a folder that is new, empty or an experiment's",
        },
        { cause: error },
      );
    },
  );
  const leftovers = names.filter((name) => name.startsWith(`${experimentFiles.manifest}.`));
  const foreign = names.filter((name) => !leftovers.includes(name));
  if (foreign.length > 0 && !names.includes(experimentFiles.manifest))
    throw new InputError({
      path: folder,
      message: `is not an experiment: it holds ${foreign.slice(0, 3).join(', ')}${foreign.length > 3 ? ', ...' : ''}`,
      hint: "a folder that is new, empty or an experiment's",
    });
  await Promise.all(leftovers.map((name) => removeOld(join(folder, name))));
}

async function removeOld(file: string): Promise<void> {
  const age = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > LEFT) await rm(file, { force: true });
}

async function differences(
  place: string,
  { config }: PlannedRun,
  fingerprint: string,
): Promise<Issue[]> {
  if (!(await isRunFolder(place))) return [];
  const run = await openRunFolder(place);
  const issues = optionDifferences(run.config, config).map(({ path, before, now }): Issue => ({
    path: place,
    message: `was begun with ${path} ${before}, and now it is ${now}`,
    hint: 'the options of before, or another --out',
  }));
  const before = (run.environment as { data?: { fingerprint?: string } } | null)?.data?.fingerprint;
  if (before !== undefined && before !== fingerprint)
    issues.push({
      path: place,
      message: `was begun on other images: fingerprint ${before.slice(0, 12)} then, ${fingerprint.slice(0, 12)} now`,
      hint: 'the data set of before, or another --out',
    });
  return issues;
}

/** One option with two values. */
interface OptionDifference {
  /** Dotted path. */
  readonly path: string;
  readonly before: string;
  readonly now: string;
}

/** Sections that change no result, or only its last bits. */
const INDIFFERENT: readonly string[] = ['loader', 'engine'];

/** In which options that decide a result a run on disk differs from one that is planned. */
function optionDifferences(before: unknown, now: RunConfig): OptionDifference[] {
  return compare(strip(before), strip(now), '');
}

/** As it looks after its way through a file. */
const strip = (config: unknown): unknown =>
  Object.fromEntries(
    Object.entries(JSON.parse(JSON.stringify(config ?? {})) as object).filter(
      ([section]) => !INDIFFERENT.includes(section),
    ),
  );

function compare(before: unknown, now: unknown, path: string): OptionDifference[] {
  if (isPlainObject(before) && isPlainObject(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    return names.flatMap((name) =>
      compare(before[name], now[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [a, b] = [JSON.stringify(before) ?? 'unset', JSON.stringify(now) ?? 'unset'];
  return a === b ? [] : [{ path, before: a, now: b }];
}
