import { dirname, join } from 'node:path';
import { count, csvText, type TaskPredictions } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { poolPredictions, predictionsToCsv } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import type { ExperimentRecord, ExperimentRunRecord } from './readExperimentFolder.js';

/** Predictions of a cross-validation: every image once, by the model that saw it neither in training nor for selection. */
export interface OutOfFold {
  readonly predictions: TaskPredictions;
  /** Fold of each image, from 0, in the order of the predictions. */
  readonly folds: readonly number[];
}

/**
 * The out-of-fold predictions of a row of an experiment whose repeats are the folds of one cross-validation.
 * @param row key of the row
 * @returns why there are none, if so: other repeats, a fold that is missing, folds that do not hold every image once
 */
export function outOfFold(
  { manifest: { repeats }, runs }: ExperimentRecord,
  row: string,
  weights: WeightsChoice,
): OutOfFold | { readonly noneBecause: string } {
  const none = (noneBecause: string): { noneBecause: string } => ({ noneBecause });
  const ofRow = runs.filter((run) => run.row === row).sort((a, b) => a.repeat - b.repeat);
  if (repeats.kind !== 'folds') return none(`its repeats are ${repeats.kind}, not folds`);
  if (ofRow.some(({ run }) => (run?.system?.kind ?? 'views') !== 'views'))
    return none('its predictions were made elsewhere');
  const left = ofRow.filter(({ state, run }) => state !== 'finished' || run === null);
  if (ofRow.length < repeats.count || left.length > 0) {
    const finished = ofRow.length - left.length;
    return none(`${finished} of ${count(repeats.count, 'fold')} are finished`);
  }
  const tested = ofRow.map(({ run }) => run!);
  const parts = tested.flatMap(({ predictions }) => predictions[weights] ?? []);
  if (parts.length < tested.length)
    return none(`not every fold has predictions of its ${weights} weights`);
  const images = parts.reduce((sum, { ids }) => sum + ids.length, 0);
  const distinct = new Set(parts.flatMap(({ ids }) => ids)).size;
  const all = tested.map(({ metrics }) => {
    const { train = 0, validation = 0, test = 0 } = metrics?.images ?? {};
    return train + validation + test;
  });
  if (distinct < images || all.some((total) => total !== images))
    return none(
      `its ${count(parts.length, 'fold')} test ${count(distinct, 'different image')} ${images} times, and not each of ${Math.max(...all)} once`,
    );
  return {
    predictions: poolPredictions(parts),
    folds: parts.flatMap(({ ids }, fold) => ids.map(() => fold)),
  };
}

/**
 * Writes the out-of-fold predictions of every row that has them into the row's folder: `out-of-fold-last.csv`, with a best
 * checkpoint `out-of-fold-selected.csv`, and `out-of-fold-images.csv` with the fold and the group (patient) of each image.
 * @returns the files, relative to the experiment's folder
 */
export async function writeOutOfFold(record: ExperimentRecord): Promise<string[]> {
  const files: string[] = [];
  const write = async (file: string, text: string): Promise<void> => {
    await writeAtomic(join(record.path, file), text);
    files.push(file);
  };
  for (const { key } of record.manifest.rows) {
    const [first] = record.runs.filter((run) => run.row === key);
    if (first === undefined) continue;
    for (const weights of ['last', 'selected'] as const) {
      const found = outOfFold(record, key, weights);
      if ('noneBecause' in found) continue;
      await write(outOfFoldFile(first, weights, record), predictionsToCsv(found.predictions));
      if (weights === 'last' && first.run?.system === undefined)
        await write(outOfFoldFile(first, 'images', record), imagesToCsv(found));
    }
  }
  return files;
}

/** In the folder of the row, which has the folders of its runs; views of the images have files of their row. */
function outOfFoldFile(
  { folder, run }: ExperimentRunRecord,
  content: WeightsChoice | 'images',
  { manifest }: ExperimentRecord,
): string {
  const views = run?.system === undefined ? '' : `-${manifest.tta}`;
  return `${dirname(folder)}/out-of-fold-${content}${views}.csv`;
}

/** `id,fold`, folds from 1, and the group of each image if groups are known. */
function imagesToCsv({ predictions: { ids, groups }, folds }: OutOfFold): string {
  return csvText([
    ['id', 'fold', ...(groups === undefined ? [] : ['group'])],
    ...ids.map((id, i) => [id, String(folds[i] + 1), ...(groups === undefined ? [] : [groups[i]])]),
  ]);
}

/**
 * The weights that results of an experiment are shown with first: the best checkpoint for a cross-validation of one model
 * that has one in every fold, as for a single run; else the last epoch, as in the paper.
 */
export function headlineWeights({ manifest, runs }: ExperimentRecord): WeightsChoice {
  const trained = runs.filter(({ run }) => run !== null && run.system === undefined);
  const isOneModel = new Set(trained.map(({ row }) => row)).size === 1;
  const finished = trained.filter(({ state }) => state === 'finished');
  return manifest.repeats.kind === 'folds' &&
    isOneModel &&
    finished.length > 0 &&
    finished.every(({ run }) => run!.predictions.selected !== null)
    ? 'selected'
    : 'last';
}
