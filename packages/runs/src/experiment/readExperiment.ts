import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { z } from 'zod';
import { learningCurve } from '../record/learningCurve.js';
import { readPart } from '../record/readPart.js';
import { readRun } from '../record/readRun.js';
import type { RunRecord } from '../record/runRecord.js';
import { EXPERIMENT_FILE, type ExperimentRun } from './experimentManifest.js';
import type { ExperimentRecord, ExperimentRunRecord } from './experimentRecord.js';
import { experimentSchema } from './experimentSchema.js';

/**
 * Reads an experiment's folder with all its runs. A run that is missing, unfinished, failed or unreadable is no error: it is
 * there with its state and the reason.
 * @throws InputError when the folder has no `experiment.json`, or that lists every issue of it.
 */
export async function readExperimentFolder(folder: string): Promise<ExperimentRecord> {
  const path = resolve(folder);
  const file = join(path, EXPERIMENT_FILE);
  const issues: Issue[] = [];
  const manifest = await readPart(file, { parse: JSON.parse, schema: experimentSchema }, issues);
  throwIssues(issues);
  if (manifest === null)
    throw new InputError({
      path: file,
      message: 'does not exist',
      hint: 'the folder of an experiment',
    });
  const runs: ExperimentRunRecord[] = [];
  for (const entry of manifest.runs) runs.push(await readEntry(path, entry));
  return { path, manifest, runs };
}

async function readEntry(experiment: string, entry: ExperimentRun): Promise<ExperimentRunRecord> {
  const folder = join(experiment, entry.folder);
  const begun = await access(folder).then(
    () => true,
    () => false,
  );
  const failure = await readFailure(`${folder}.failure.json`);
  if (!begun)
    return {
      ...entry,
      ...(failure === null ? { state: 'missing', reason: 'not begun' } : failed(failure)),
      run: null,
    };
  try {
    const run = await readRun(folder);
    if (run.state === 'finished') return { ...entry, state: 'finished', run };
    return {
      ...entry,
      ...(failure === null
        ? { state: 'unfinished', reason: describeProgress(run) }
        : failed(failure)),
      run,
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [{ path: where, message: what }] = error.issues;
    return { ...entry, state: 'unreadable', reason: `${where}: ${what}`, run: null };
  }
}

const failureSchema = z.looseObject({ message: z.string() });
type Failure = z.output<typeof failureSchema>;

/** What the runner of the experiment left beside a run that failed. */
function readFailure(file: string): Promise<Failure | null> {
  return readPart(file, { parse: JSON.parse, schema: failureSchema }, []);
}

const failed = ({ message }: Failure): Pick<ExperimentRunRecord, 'state' | 'reason'> => ({
  state: 'failed',
  reason: `failed: ${message}`,
});

function describeProgress({ events, missing }: RunRecord): string {
  const planned = events.findLast((event) => event.type === 'start')?.epochs;
  const done = learningCurve(events).length;
  const ended =
    events.at(-1)?.type === 'end' &&
    events.findLast((event) => event.type === 'end')?.reason !== 'interrupted';
  if (ended) return `trained, but not tested (${missing.join('; ')})`;
  return planned === undefined ? 'begun, no epoch finished' : `${done} of ${planned} epochs`;
}
