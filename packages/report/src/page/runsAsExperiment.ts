import { resolve } from 'node:path';
import { InputError, type Predictions, throwIssues } from '@nonlocal-med/core';
import {
  type ExperimentManifest,
  type ExperimentRecord,
  readRun,
  type RunRecord,
} from '@nonlocal-med/runs';

/** Runs seen as an experiment, and what to know about that. */
export interface RunsAsExperiment {
  readonly record: ExperimentRecord;
  readonly notes: readonly string[];
}

/**
 * Single runs as the rows of an experiment with one repeat, each compared with the first where both were tested on the
 * same images.
 * @throws InputError that lists every issue of the folders, and every run that is not tested yet.
 */
export async function runsAsExperiment(folders: readonly string[]): Promise<RunsAsExperiment> {
  if (folders.length === 0)
    throw new InputError({
      path: 'runs',
      message: 'none is given',
      hint: 'at least one folder of a run',
    });
  const runs = await readAll(folders);
  throwIssues(
    runs.flatMap((run, index) =>
      run.state === 'finished'
        ? []
        : [
            {
              path: folders[index],
              message: `the run is not tested yet: ${run.missing.join('; ')}`,
              hint: 'a run that has been trained to its end; `resume` goes on with it',
            },
          ],
    ),
  );
  const titles = titlesOf(runs);
  const [first] = runs;
  const other = runs.map(
    (run) => run !== first && !sameImages(first.predictions.last!, run.predictions.last!),
  );
  const manifest: ExperimentManifest = {
    format: 1,
    name: 'runs',
    caption: runs.length === 1 ? titles[0] : 'Runs side by side',
    data: first.environment?.data?.name ?? 'unknown data',
    repeats: { kind: 'seeds', count: 1 },
    rows: runs.map((run, index) => ({
      key: String(index),
      title: titles[index],
      baseline: run === first || other[index] ? null : '0',
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
      .filter((_, index) => other[index])
      .map(
        (title) =>
          `${title} was tested on other images than ${titles[0]}: their numbers stand side by side, and no test compares them.`,
      ),
  };
}

async function readAll(folders: readonly string[]): Promise<RunRecord[]> {
  const results = await Promise.allSettled(folders.map((folder) => readRun(folder)));
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as Error] : [],
  );
  const unexpected = errors.find((error) => !(error instanceof InputError));
  if (unexpected !== undefined) throw unexpected;
  throwIssues(errors.flatMap((error) => (error as InputError).issues));
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** Names of the models, where those tell the runs apart; else of their folders, numbered where those are equal too. */
function titlesOf(runs: readonly RunRecord[]): string[] {
  const models = runs.map(({ config, name }) => config?.model.name ?? name);
  if (new Set(models).size === runs.length) return models;
  const names = runs.map(({ name }) => name);
  return names.map((name, index) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${index + 1})`,
  );
}

function sameImages(a: Predictions, b: Predictions): boolean {
  const ids = new Set(a.ids);
  return a.ids.length === b.ids.length && b.ids.every((id) => ids.has(id));
}
