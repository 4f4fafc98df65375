import { createUnlikeCheck } from '@nonlocal-med/classifier';
import type { Preprocessing } from '@nonlocal-med/core';
import {
  createLoader,
  type LoaderOptions,
  type LoaderSample,
  statisticsPreprocessing,
  type ViewStatistics,
  viewStatistics,
} from '@nonlocal-med/data';
import {
  readTrainingStatistics,
  type TrainingStatistics,
  writeTrainingStatistics,
} from '@nonlocal-med/runs';
import type { OpenRun } from '../run/completeRun.js';
import { fitStatistics } from './fitStatistics.js';

/** More images change the statistics by less than they differ between hospitals. */
const MOST = { training: 2000, validation: 500 };

/**
 * Computes the statistics of a run's training images, once, and writes them into its folder.
 * @returns null if there are too few training images, in which case nothing is written
 */
export async function recordTrainingStatistics({
  run,
  config,
  data: { dataset, split },
  signal,
  listener,
}: OpenRun): Promise<TrainingStatistics | null> {
  const recorded = await readTrainingStatistics(run.path);
  if (recorded !== null) return recorded;
  const { preprocessing, loader } = config;
  const ofSamples = (samples: readonly LoaderSample[]): Promise<ViewStatistics[]> =>
    sampleStatistics(samples, {
      ...loader,
      classes: dataset.classes,
      preprocessing,
      signal,
      onProgress: (done, total) => listener.onImages?.('describing images', done, total),
    });
  const train = evenly(split.train, MOST.training);
  const images = await ofSamples(train);
  const fitted = fitStatistics(
    images.map((image, index) => ({ ...image, group: train[index].group })),
  );
  if (fitted === null) return null;
  const check = createUnlikeCheck({ ...fitted, heldOut: null });
  const validation = await ofSamples(evenly(split.validation, MOST.validation));
  const unlike = validation.filter((image) => check(image).distance > 1).length;
  const heldOut = validation.length === 0 ? null : { images: validation.length, unlike };
  await writeTrainingStatistics(run.path, { ...fitted, heldOut });
  return { ...fitted, heldOut };
}

/**
 * The statistics of samples, in their order. Each image is read again, or its view taken from the cache.
 * @param options.preprocessing of the model
 */
export async function sampleStatistics(
  samples: readonly LoaderSample[],
  {
    preprocessing,
    onProgress,
    ...options
  }: Pick<LoaderOptions, 'classes' | 'workers' | 'cacheFolder' | 'signal'> & {
    readonly preprocessing: Preprocessing;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<ViewStatistics[]> {
  const view = statisticsPreprocessing(preprocessing);
  const loader = createLoader(samples, {
    ...options,
    preprocessing: view,
    batchSize: 8,
    cacheMegabytes: 0,
  });
  const statistics: ViewStatistics[] = [];
  try {
    for await (const { images, ids } of loader.epoch(0)) {
      const stride = images.length / ids.length;
      for (const index of ids.keys())
        statistics.push(
          viewStatistics(images.subarray(index * stride, (index + 1) * stride), view.size),
        );
      onProgress?.(statistics.length, samples.length);
    }
  } finally {
    await loader.close();
  }
  return statistics;
}

/** At most so many of the items, evenly spaced, so that all classes are represented. */
function evenly<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, index) => items[Math.floor((index * items.length) / most)],
  );
}
