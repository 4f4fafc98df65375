import { count, InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { readRegularFile, sha256 } from '@nonlocal-med/core/node';
import {
  type ExternalFile,
  type ExternalPredictions,
  externalPredictions,
  taskPredictionsFromCsv,
} from '@nonlocal-med/metrics';
import { readImageRecord } from '../run/imageRecord.js';
import type { RunRecord } from '../run/readRun.js';
import { type SystemRecord, systemRun } from './systemRecord.js';

/** A row whose predictions were made elsewhere. */
export interface ExternalSource {
  /** Title of the row. */
  readonly name: string;
  /** Absolute paths; several are the readers of a reader study. */
  readonly files: readonly string[];
}

/** The files of an {@link ExternalSource}, read once for all runs that they are compared with. */
export interface ReadSource extends ExternalSource {
  readonly contents: readonly (ExternalFile & { readonly sha256: string })[];
}

/** Reads the files of a row. @throws InputError with every file that cannot be read. */
export async function readSource(source: ExternalSource): Promise<ReadSource> {
  const issues: Issue[] = [];
  const contents = await Promise.all(
    source.files.map(async (path) => {
      const text = await readRegularFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error instanceof InputError) issues.push(...error.issues);
        else
          issues.push({
            path,
            message: error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${error.code}`,
            hint: 'a CSV file of predictions',
          });
        return '';
      });
      return { path, text, sha256: sha256(text) };
    }),
  );
  throwIssues(issues);
  return { ...source, contents };
}

/** Predictions of a source for the test images of a run. */
export async function predictionsFor(
  { contents }: ReadSource,
  reference: RunRecord,
): Promise<ExternalPredictions> {
  const tested = reference.predictions.last!;
  const record = await readImageRecord(reference.path);
  return externalPredictions(contents, {
    name: reference.path,
    predictions: tested,
    ...(record === null
      ? {}
      : { contents: new Map(record.images.map(({ id, content }) => [id, content])) }),
  });
}

/**
 * Predictions made elsewhere as a tested run, for the test images of another run.
 * @param options common: accept predictions that lack test images or have others
 * @throws InputError for files that cannot be used, or whose images differ from the test images unless `common` is set
 */
export async function externalRun(
  source: ExternalSource,
  reference: RunRecord,
  { common = false }: { readonly common?: boolean } = {},
): Promise<RunRecord> {
  const read = await readSource(source);
  const found = await predictionsFor(read, reference);
  if (!common) requireSameImages(found, source, reference.predictions.last!.ids.length);
  const { predictions } = found;
  return systemRun({
    name: source.name,
    system: externalSystem(read, found),
    predictions: {
      last: predictions,
      selected: reference.predictions.selected === null ? null : predictions,
    },
    reference,
  });
}

/**
 * A file of predictions as a tested run, without a run to compare it with: it must have the format of a run's
 * predictions, for classes or for findings.
 * @throws InputError with every line that cannot be used
 */
export async function predictionsFileRun(source: ExternalSource): Promise<RunRecord> {
  const read = await readSource(source);
  const [{ path, text }] = read.contents;
  const last = taskPredictionsFromCsv(text, { path });
  const found = { readers: [], missing: [], additional: [], notes: [] };
  return systemRun({
    name: source.name,
    system: externalSystem(read, found),
    predictions: { last, selected: last },
  });
}

/** How a source was understood. */
export function externalSystem(
  { contents }: ReadSource,
  { readers, missing, additional, notes }: Omit<ExternalPredictions, 'predictions'>,
): SystemRecord {
  return {
    kind: 'file',
    sources: contents.map(({ path, sha256: hash }) => ({ path, sha256: hash })),
    readers,
    missing: missing.length,
    additional: additional.length,
    notes: [...notes, ...describeDifference({ missing, additional })],
  };
}

const examples = (ids: readonly string[]): string =>
  `${ids.slice(0, 3).join(', ')}${ids.length > 3 ? ', ...' : ''}`;

function describeDifference({
  missing,
  additional,
}: Pick<ExternalPredictions, 'missing' | 'additional'>): string[] {
  return [
    ...(missing.length > 0
      ? [`Without a prediction for ${count(missing.length, 'test image')} (${examples(missing)}).`]
      : []),
    ...(additional.length > 0
      ? [
          `Not used: predictions for ${count(additional.length, 'other image')} (${examples(additional)}).`,
        ]
      : []),
  ];
}

/**
 * Refuses predictions for other images than the test images.
 * @throws InputError with the numbers of images and some of their names
 */
export function requireSameImages(
  { missing, additional }: Pick<ExternalPredictions, 'missing' | 'additional'>,
  { files }: ExternalSource,
  tested: number,
): void {
  if (missing.length === 0 && additional.length === 0) return;
  const differences = [
    missing.length > 0 &&
      `lacks ${missing.length} of the ${count(tested, 'test image')} (${examples(missing)})`,
    additional.length > 0 &&
      `has ${count(additional.length, 'other image')} (${examples(additional)})`,
  ].filter((text) => text !== false);
  throw new InputError({
    path: files.join(', '),
    message: differences.join(' and '),
    hint: `the same images; or --common, in a row of an experiment commonImages: true, to compare on the ${tested - missing.length} common ones`,
  });
}
