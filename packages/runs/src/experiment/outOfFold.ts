import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { count, csvText, type TaskPredictions, viewsChoices } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { poolPredictions, predictionsToCsv } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import { viewsKey } from '../system/viewRows.js';
import type { ExperimentRecord } from './readExperimentFolder.js';
import { plannedRows, trainedRows } from './trainedRows.js';

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
 * checkpoint `out-of-fold-selected.csv`, of views of the images `out-of-fold-last-flips.csv` and the like, and at last
 * `out-of-fold-images.csv` with the fold and the group (patient) of each image. Removes those of rows that have none now.
 * @returns the files, relative to the experiment's folder
 */
export async function writeOutOfFold(record: ExperimentRecord): Promise<string[]> {
  const files: string[] = [];
  const write = async (file: string, text: string | null): Promise<void> => {
    const path = join(record.path, file);
    if (text === null) return rm(path, { force: true });
    await writeAtomic(path, text);
    files.push(file);
  };
  const planned = plannedRows(record.manifest).map(({ key }) => key);
  for (const key of planned) {
    const { folder } = record.runs.find((run) => run.row === key)!;
    const fileOf = (content: string): string => `${dirname(folder)}/out-of-fold-${content}.csv`;
    await write(fileOf('images'), null); // complete with it
    for (const views of [undefined, ...viewsChoices]) {
      const row = views === undefined ? key : viewsKey(key, views);
      for (const weights of ['last', 'selected'] as const) {
        const found = outOfFold(record, row, weights);
        const isOther = views !== undefined && planned.includes(row); // a trained row of this name
        const text = 'noneBecause' in found || isOther ? null : predictionsToCsv(found.predictions);
        await write(fileOf(views === undefined ? weights : `${weights}-${views}`), text);
      }
    }
    const found = outOfFold(record, key, 'last');
    if (!('noneBecause' in found)) await write(fileOf('images'), imagesToCsv(found));
  }
  return files;
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
export function headlineWeights(record: ExperimentRecord): WeightsChoice {
  const [only, ...others] = trainedRows(record);
  if (record.manifest.repeats.kind !== 'folds' || only === undefined || others.length > 0)
    return 'last';
  const finished = record.runs.filter(({ row, state }) => row === only.key && state === 'finished');
  return finished.length > 0 &&
    finished.every(({ run }) => run !== null && run.predictions.selected !== null)
    ? 'selected'
    : 'last';
}
