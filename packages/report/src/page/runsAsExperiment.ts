import { resolve } from 'node:path';
import { commandLine, InputError, throwIssues } from '@nonlocal-med/core';
import {
  type ExperimentManifest,
  type ExperimentRecord,
  readRun,
  type RunRecord,
} from '@nonlocal-med/runs';
import { sameImages } from '../statistics/sameImages.js';

/** Runs presented as an experiment, and what a reader should know about that. */
export interface RunsAsExperiment {
  readonly record: ExperimentRecord;
  readonly notes: readonly string[];
}

/**
 * Single runs, read where only their folders are given, as the rows of an experiment with one repeat. Each is compared with the first if both were tested
 * on the same images.
 * @throws InputError that lists every issue of the folders, or every run that has not been tested.
 */
export async function runsAsExperiment(
  given: readonly (string | RunRecord)[],
): Promise<RunsAsExperiment> {
  if (given.length === 0)
    throw new InputError({
      path: 'runs',
      message: 'is empty',
      hint: 'give at least one run folder',
    });
  const runs = await readRuns(given);
  throwIssues(
    runs.flatMap(({ state, missing, path }) =>
      state === 'finished'
        ? []
        : {
            path,
            message: `the run has not been tested: ${missing.join('; ')}`,
            hint: `finish its training first: ${commandLine('trainer', 'resume', path)}`,
          },
    ),
  );
  const titles = modelTitles(runs);
  const [first] = runs;
  const hasOtherImages = runs.map(
    ({ predictions }) => !sameImages(first.predictions.last!, predictions.last!),
  );
  const manifest: ExperimentManifest = {
    format: 1,
    name: 'runs',
    caption: runs.length === 1 ? titles[0] : 'Comparison of runs',
    data: first.environment?.data?.name ?? 'unknown data',
    repeats: { kind: 'seeds', count: 1 },
    rows: titles.map((title, index) => ({
      key: String(index),
      title,
      baseline: index === 0 || hasOtherImages[index] ? null : '0',
      reproduced: true,
    })),
    runs: runs.map(({ path }, index) => ({ row: String(index), repeat: 0, folder: path })),
    notes: [],
  };
  return {
    record: {
      path: resolve('.'),
      manifest,
      runs: manifest.runs.map((entry, index) => ({
        ...entry,
        state: 'finished',
        run: runs[index],
      })),
    },
    notes: titles
      .filter((_, index) => hasOtherImages[index])
      .map(
        (title) =>
          `${title} was tested on different images than ${titles[0]}. Its results are listed, but not compared by a test.`,
      ),
  };
}

async function readRuns(given: readonly (string | RunRecord)[]): Promise<RunRecord[]> {
  const results = await Promise.allSettled(
    given.map(async (run) => (typeof run === 'string' ? readRun(run) : run)),
  );
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as Error] : [],
  );
  const unexpected = errors.find((error) => !(error instanceof InputError));
  if (unexpected !== undefined) throw unexpected;
  throwIssues(errors.flatMap((error) => (error as InputError).issues));
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Names of the models if they differ, else of the run folders, numbered if those are equal too. */
function modelTitles(runs: readonly RunRecord[]): string[] {
  const models = runs.map(({ config, name }) => config?.model.name ?? name);
  if (new Set(models).size === runs.length) return models;
  const names = runs.map(({ name }) => name);
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${index + 1})`,
  );
}
