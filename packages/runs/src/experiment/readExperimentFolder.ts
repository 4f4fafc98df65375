import { join, resolve } from 'node:path';
import { InputError, type Issue, throwIssues, type ViewsChoice } from '@nonlocal-med/core';
import { fileExists } from '@nonlocal-med/core/node';
import { z } from 'zod';
import { readCheckedFile } from '../readCheckedFile.js';
import { finalEvent, learningCurve } from '../run/events.js';
import { readRun, type RunRecord } from '../run/readRun.js';
import { refuseLinks } from '../run/refuseLinks.js';
import { withEnsembles } from '../system/ensembleRun.js';
import { externalRuns } from '../system/externalRows.js';
import { withViews } from '../system/viewRows.js';
import { experimentFiles, failureFileOf } from './experimentFiles.js';
import {
  type ExperimentManifest,
  experimentManifestSchema,
  type ExperimentRow,
  type ExperimentRun,
} from './experimentManifest.js';

/** An experiment's folder: its table and the runs that fill it. */
export interface ExperimentRecord {
  /** Absolute. */
  readonly path: string;
  readonly manifest: ExperimentManifest;
  /** In the manifest's order. */
  readonly runs: readonly ExperimentRunRecord[];
}

/** A run of an experiment, as far as it exists. */
export interface ExperimentRunRecord extends ExperimentRun {
  /**
   * `finished`: tested. `unfinished`: started, and running or interrupted. `failed`: ended by an error; running the
   * experiment again retries it. `missing`: not started. `unreadable`: its files are damaged.
   */
  readonly state: 'finished' | 'unfinished' | 'failed' | 'missing' | 'unreadable';
  /** Why it is not finished, in one sentence. */
  readonly reason?: string;
  /** Null where there is no folder, or it is unreadable. */
  readonly run: RunRecord | null;
}

const runFailureSchema = z.looseObject({
  message: z.string(),
  /** When it failed, as an ISO date. */
  time: z.string().optional(),
  /** Exit code of the run's process, or the signal that ended it. */
  ended: z.union([z.number(), z.string()]).nullish(),
});

/** Content of `<run>.failure.json`: why a run of an experiment failed. */
export type RunFailure = Readonly<z.output<typeof runFailureSchema>>;

/**
 * Reads an experiment's folder with all its runs. A run that is missing, unfinished, failed or unreadable is not an error: it
 * is listed with its state and the reason. Rows whose predictions were made elsewhere have a record for each repeat as
 * well.
 * @param options ensembles: add a row for the ensemble of each row's repeats; tta: add a row for each row's runs with
 * test-time augmentation; defaults: as the experiment was defined
 * @throws InputError when the folder has no `experiment.json` or holds symbolic links, or with every issue of that file.
 */
export async function readExperimentFolder(
  folder: string,
  { ensembles, tta }: { readonly ensembles?: boolean; readonly tta?: ViewsChoice } = {},
): Promise<ExperimentRecord> {
  const path = resolve(folder);
  await refuseLinks(path);
  const manifest = await readExperimentManifest(path);
  const runs: ExperimentRunRecord[] = [];
  for (const entry of manifest.runs) runs.push(await readEntry(path, entry));
  for (const row of manifest.rows)
    runs.push(...(await externalEntries(row, { path, manifest, runs })));
  const record = { path, manifest, runs };
  const views = tta ?? manifest.tta;
  const viewed = views === undefined ? record : withViews(record, views);
  return (ensembles ?? manifest.ensembles) === true ? withEnsembles(viewed) : viewed;
}

/**
 * Reads what an experiment consists of, without its runs.
 * @throws InputError when the folder has no `experiment.json`, or with every issue of that file.
 */
export async function readExperimentManifest(folder: string): Promise<ExperimentManifest> {
  const file = join(folder, experimentFiles.manifest);
  const issues: Issue[] = [];
  const manifest = await readCheckedFile(
    file,
    { parse: JSON.parse, schema: experimentManifestSchema },
    issues,
  );
  throwIssues(issues);
  if (manifest !== null) return manifest;
  throw new InputError({ path: file, message: 'does not exist', hint: "an experiment's folder" });
}

/** The predictions of a row that were made elsewhere, in each repeat; none if its runs are trained. */
async function externalEntries(
  { key, title, predictions, commonImages = false }: ExperimentRow,
  { path, manifest: { repeats }, runs }: ExperimentRecord,
): Promise<ExperimentRunRecord[]> {
  if (predictions === undefined) return [];
  const files = predictions.map((file) => join(path, file));
  try {
    return await externalRuns({
      runs,
      repeats,
      row: { key },
      source: { name: title, files },
      common: commonImages,
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const reason = error.issues.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
    return Array.from({ length: repeats.count }, (_, repeat) => ({
      row: key,
      repeat,
      folder: predictions[0],
      state: 'unreadable',
      reason,
      run: null,
    }));
  }
}

async function readEntry(experiment: string, entry: ExperimentRun): Promise<ExperimentRunRecord> {
  const folder = join(experiment, entry.folder);
  const started = await fileExists(folder);
  const failure = await readCheckedFile(
    failureFileOf(experiment, entry),
    { parse: JSON.parse, schema: runFailureSchema },
    [],
  );
  const unlessFailed = (
    state: 'missing' | 'unfinished',
    reason: string,
  ): Pick<ExperimentRunRecord, 'state' | 'reason'> =>
    failure === null
      ? { state, reason }
      : { state: 'failed', reason: `failed: ${failure.message}` };
  if (!started) return { ...entry, ...unlessFailed('missing', 'not started'), run: null };
  try {
    const run = await readRun(folder);
    if (run.state === 'finished') return { ...entry, state: 'finished', run };
    return { ...entry, ...unlessFailed('unfinished', describeProgress(run)), run };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [{ path, message }] = error.issues;
    return { ...entry, state: 'unreadable', reason: `${path}: ${message}`, run: null };
  }
}

function describeProgress({ events, missing }: RunRecord): string {
  if (finalEvent(events) !== undefined) return `trained, but not tested (${missing.join('; ')})`;
  const planned = events.findLast((event) => event.type === 'start')?.epochs;
  return planned === undefined
    ? 'started, no epoch finished'
    : `${learningCurve(events).length} of ${planned} epochs`;
}
