/** Rows of an experiment whose predictions were made elsewhere. */
import { mkdir } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { readRegularFile, writeAtomic } from '@nonlocal-med/core/node';
import { imageIdentity, type LoaderSample, type NotedSplit } from '@nonlocal-med/data';
import type { NotedDataset } from '@nonlocal-med/pipeline';
import { checkSource } from '@nonlocal-med/runs';
import type { ExperimentPlan, PlannedRow } from './planExperiment.js';

/** The files of a row, and their copies relative to the folder of the experiment. */
export const predictionFiles = ({
  key,
  predictions = [],
}: PlannedRow): { readonly file: string; readonly copy: string }[] =>
  predictions.map((file, index) => ({
    file,
    copy: `predictions/${key}${predictions.length === 1 ? '' : `-${index + 1}`}${extname(file)}`,
  }));

/** Copies the files of all such rows into the folder of an experiment, which then does not depend on them. */
export async function copyPredictions(folder: string, { rows }: ExperimentPlan): Promise<void> {
  for (const { file, copy } of rows.flatMap(predictionFiles)) {
    await mkdir(dirname(join(folder, copy)), { recursive: true });
    await writeAtomic(join(folder, copy), await readRegularFile(file, 'utf8'));
  }
}

/**
 * Checks predictions made elsewhere against the test sets of all repeats, before anything is trained.
 * @throws InputError for files that cannot be used, or whose images differ from the test images without `commonImages`
 */
export async function checkPredictions(
  { rows }: ExperimentPlan,
  { classes, task }: NotedDataset,
  splits: readonly NotedSplit<LoaderSample>[],
): Promise<void> {
  const testSets = splits.map(({ split: { test } }) => ({
    name: 'the data set',
    predictions: {
      ids: test.map(({ id }) => id),
      probabilities: new Float64Array(test.length * classes.length),
      ...(task === 'multilabel'
        ? { findings: classes, labels: Int32Array.from(test.flatMap(({ findings }) => findings!)) }
        : { classes, labels: Int32Array.from(test, ({ label }) => label) }),
    },
    contents: new Map(test.map((sample) => [sample.id, imageIdentity(sample).content])),
  }));
  for (const { title, predictions: files, commonImages: common } of rows)
    if (files !== undefined) await checkSource({ name: title, files }, testSets, { common });
}
