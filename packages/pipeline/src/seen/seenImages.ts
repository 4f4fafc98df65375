import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import type { ImageIdentity } from '@nonlocal-med/data';
import {
  isRunFolder,
  openRunFolder,
  readImageRecord,
  readSaltedRecord,
  runFiles,
} from '@nonlocal-med/runs';
import { readRunConfig } from '../config/parseRunConfig.js';
import { openRunData, requireSameData } from '../data/runData.js';
import type { ProgressListener } from '../run/progressListener.js';
import { recordImages, recordSearch, type SeenMatch } from './imageRecord.js';
import { saltedSearch } from './saltedRecord.js';

/** The images that a model has seen, or why they are not known. */
export type SeenImages =
  | {
      /** Where they are recorded: in the run, in the exported model, or (older runs) in the run's data set, read again. */
      readonly source: 'run' | 'model' | 'data set';
      /** How the model has seen an image; null if it was not trained and not selected on it. */
      find(image: ImageIdentity): Promise<SeenMatch | null>;
    }
  | { readonly unknownBecause: string };

/**
 * The images that the model in a folder has seen, from the record of the run or of the exported model. For a run of a
 * version without such a record, its data set is read again if it is still there.
 * @param folder of a run or of an exported model
 * @param options rereadData: read the data set of such a run again, which can take long; default: true
 * @throws InputError when the record is damaged.
 */
export async function openSeenImages(
  folder: string,
  {
    rereadData = true,
    ...options
  }: Pick<ProgressListener, 'onImages'> & {
    readonly rereadData?: boolean;
    readonly signal?: AbortSignal;
  } = {},
): Promise<SeenImages> {
  const run = await runOf(resolve(folder));
  const record = run === undefined ? null : await readImageRecord(run);
  if (record !== null) return { source: 'run', find: recordSearch(record) };
  for (const place of [folder, join(folder, runFiles.model)]) {
    const salted = await readSaltedRecord(place);
    if (salted !== null) return { source: 'model', find: saltedSearch(salted) };
  }
  if (run !== undefined && rereadData) return readDataAgain(run, options);
  return {
    unknownBecause: `${folder} has no record of them: it was written by an earlier version, or the record was removed.`,
  };
}

/** The run in a folder, or the one that exported the model in it. */
async function runOf(folder: string): Promise<string | undefined> {
  if (await isRunFolder(folder)) return folder;
  const parent = dirname(folder);
  return basename(folder) === runFiles.model && (await isRunFolder(parent)) ? parent : undefined;
}

/** The images of a run that did not record them, if its data set is as it was. */
async function readDataAgain(
  runFolder: string,
  { signal, onImages }: Pick<ProgressListener, 'onImages'> & { readonly signal?: AbortSignal },
): Promise<SeenImages> {
  try {
    const run = await openRunFolder(runFolder);
    const data = await openRunData(readRunConfig(run), {
      signal,
      onProgress: (done, total) => onImages?.('checking images', done, total),
    });
    requireSameData(run, data);
    return { source: 'data set', find: recordSearch(recordImages(data)) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { path, message } = error.issues[0];
    return {
      unknownBecause: `the run is from an earlier version, which did not record them, and its data set cannot be read again (${path}: ${message}).`,
    };
  }
}
