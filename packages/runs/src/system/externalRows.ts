import { InputError } from '@nonlocal-med/core';
import {
  type ExternalPredictions,
  externalPredictions,
  type ExternalReference,
} from '@nonlocal-med/metrics';
import type { ExperimentRow } from '../experiment/experimentManifest.js';
import type { ExperimentRecord, ExperimentRunRecord } from '../experiment/readExperimentFolder.js';
import type { RunRecord } from '../run/readRun.js';
import {
  type ExternalSource,
  externalSystem,
  predictionsFor,
  type ReadSource,
  readSource,
  requireSameImages,
} from './externalRun.js';
import { systemRun } from './systemRecord.js';

/**
 * An experiment with more rows, whose predictions were made elsewhere: in each repeat, the same predictions are judged on
 * its test images. A source that is called like a row without runs, such as one of published results, fills that row.
 * @param options common: accept predictions that lack test images or have others
 * @throws InputError for files that cannot be used, whose images differ from the test images of all repeats unless
 * `common` is set, or if no run has been tested
 */
export async function withExternalRows(
  record: ExperimentRecord,
  sources: readonly ExternalSource[],
  { common = false }: { readonly common?: boolean } = {},
): Promise<ExperimentRecord> {
  let extended = record;
  for (const source of sources) extended = await withExternalRow(extended, source, common);
  return extended;
}

async function withExternalRow(
  { manifest, runs, path }: ExperimentRecord,
  source: ExternalSource,
  common: boolean,
): Promise<ExperimentRecord> {
  const row = rowOf(manifest.rows, runs, source.name);
  const added = await externalRuns({ runs, repeats: manifest.repeats, row, source, common });
  const isNew = manifest.rows.every(({ key }) => key !== row.key);
  return {
    path,
    manifest: {
      ...manifest,
      rows: isNew
        ? [...manifest.rows, row]
        : manifest.rows.map((other) => (other.key === row.key ? row : other)),
    },
    runs: [...runs, ...added],
  };
}

/** The row that a source fills: one without runs of that key or title, else a new one, compared with the first row. */
function rowOf(
  rows: readonly ExperimentRow[],
  runs: readonly ExperimentRunRecord[],
  name: string,
): ExperimentRow {
  const isNamed = ({ key, title }: ExperimentRow): boolean =>
    [key, title].some((known) => known.toLowerCase() === name.toLowerCase());
  const found = rows.find(isNamed);
  const [first] = rows;
  if (found === undefined) return { key: name, title: name, baseline: first.key, reproduced: true };
  if (runs.some(({ row }) => row === found.key))
    throw new InputError({
      path: name,
      message: 'is the name of a row that has runs',
      hint: 'another name for the predictions: NAME=FILE',
    });
  return { ...found, reproduced: true };
}

/** What {@link externalRuns} needs to know of an experiment. */
interface ExternalRowOptions extends Pick<ExperimentRecord, 'runs'> {
  readonly repeats: ExperimentRecord['manifest']['repeats'];
  readonly row: Pick<ExperimentRow, 'key'>;
  readonly source: ExternalSource;
  readonly common: boolean;
}

/** The predictions of a source in each repeat, on the test images of the runs of that repeat. */
export async function externalRuns({
  runs,
  repeats,
  row,
  source,
  common,
}: ExternalRowOptions): Promise<ExperimentRunRecord[]> {
  const read = await readSource(source);
  const found = new Map<number, { reference: RunRecord; predictions: ExternalPredictions }>();
  for (let repeat = 0; repeat < repeats.count; repeat++) {
    const reference = runs.find(
      ({ repeat: other, state, run }) =>
        other === repeat && state === 'finished' && run !== null && run.system === undefined,
    )?.run;
    if (reference !== undefined && reference !== null)
      found.set(repeat, { reference, predictions: await predictionsFor(read, reference) });
  }
  const additional = additionalImages([...found.values()].map(({ predictions }) => predictions));
  if (!common)
    for (const { reference, predictions } of found.values())
      requireSameImages(
        { missing: predictions.missing, additional },
        source,
        reference.predictions.last!.ids.length,
      );
  const records = [...found].map(([repeat, { reference, predictions }]) => ({
    repeat,
    run: asRun(read, { reference, predictions: { ...predictions, additional } }, repeats.count),
  }));
  return Array.from({ length: repeats.count }, (_, repeat): ExperimentRunRecord => {
    const entry = { row: row.key, repeat, folder: source.files[0] };
    const run = records.find((one) => one.repeat === repeat)?.run;
    return run === undefined
      ? { ...entry, state: 'missing', reason: 'no run of this repeat has been tested', run: null }
      : { ...entry, state: 'finished', run };
  });
}

function asRun(
  read: ReadSource,
  { reference, predictions }: { reference: RunRecord; predictions: ExternalPredictions },
  repeats: number,
): RunRecord {
  return systemRun({
    name: read.name,
    system: externalSystem(read, predictions),
    predictions: {
      last: predictions.predictions,
      selected: reference.predictions.selected === null ? null : predictions.predictions,
    },
    reference,
    intervals: repeats === 1,
  });
}

/**
 * Checks predictions made elsewhere against the test sets of all repeats.
 * @throws InputError for files that cannot be used, or whose images differ from the test images unless `common` is set
 */
export async function checkSource(
  source: ExternalSource,
  testSets: readonly ExternalReference[],
  { common = false }: { readonly common?: boolean },
): Promise<void> {
  const { contents } = await readSource(source);
  const found = testSets.map((testSet) => externalPredictions(contents, testSet));
  const additional = additionalImages(found);
  if (!common)
    for (const [repeat, { missing }] of found.entries())
      requireSameImages({ missing, additional }, source, testSets[repeat].predictions.ids.length);
}

/** Images that are test images in no repeat: a file covers the test images of all repeats together. */
function additionalImages(repeats: readonly ExternalPredictions[]): string[] {
  const [first, ...others] = repeats.map(({ additional }) => additional);
  const rest = others.map((additional) => new Set(additional));
  return (first ?? []).filter((id) => rest.every((set) => set.has(id)));
}
