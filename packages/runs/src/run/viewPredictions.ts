import { join } from 'node:path';
import type { TaskPredictions, ViewsChoice } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import { predictionsToCsv } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '../schemaParts.js';
import { runFiles } from './runFiles.js';

/** How many views there are: so many times the network is computed for each image. */
export const viewCounts: Readonly<Record<ViewsChoice, number>> = { flips: 4, d4: 8 };

/** Predictions for the test set that were averaged over views, with each of the run's two sets of weights. */
export type ViewPredictions = Readonly<Record<WeightsChoice, TaskPredictions | null>>;

/** Predictions for the test set, averaged over views, relative to the run folder. */
export const viewPredictionsFile = (views: ViewsChoice, weights: WeightsChoice): string =>
  `${runFiles.predictions}/test-${weights}-${views}.csv`;

/** Writes predictions of a run for its test set that were averaged over views, next to those of the images themselves. */
export async function writeViewPredictions(
  folder: string,
  { views, weights }: { readonly views: ViewsChoice; readonly weights: WeightsChoice },
  predictions: TaskPredictions,
): Promise<void> {
  await writeAtomic(
    join(folder, viewPredictionsFile(views, weights)),
    predictionsToCsv(predictions),
  );
}
