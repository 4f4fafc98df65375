import { createRandom, type Sample, suggestName, throwIssues } from '@nonlocal-med/core';
import { type DataOptions, type LoaderSample, openDataset } from '@nonlocal-med/data';
import { openRunData, requireSameData } from '../data/runData.js';
import { relabelSamples } from '../inference/evaluateModel.js';
import type { TrainedRun } from '../run/openTrainedRun.js';
import type { ProgressListener } from '../run/progressListener.js';

/** The images of a run's test side, or all images of another data set with the run's labels. */
export async function explainedSamples(
  { run, config, classes }: TrainedRun,
  {
    data,
    signal,
    onNote,
    onImages,
  }: ProgressListener & { data?: DataOptions; signal?: AbortSignal },
): Promise<readonly LoaderSample[]> {
  const opening = {
    signal,
    onProgress: (done: number, total: number) => onImages?.('checking images', done, total),
  };
  if (data === undefined) {
    const own = await openRunData(config, opening);
    requireSameData(run, own);
    return own.split.test;
  }
  const dataset = await openDataset({ ...data, ...opening });
  for (const note of dataset.notes) onNote?.(note);
  return relabelSamples(dataset, classes, data.path);
}

/** Which images: all, so many of each class in proportion, or by id. */
export type ImageChoice = 'all' | number | readonly string[];

/**
 * The samples to look at, in the order of the data set, or of the ids. A number takes the same images each time: at least
 * one of each class that there is, the rest by the classes' shares.
 * @throws InputError with every id that is unknown.
 */
export function chooseImages<S extends Sample>(
  samples: readonly S[],
  choice: ImageChoice,
  seed: number,
): S[] {
  if (choice === 'all') return [...samples];
  if (typeof choice !== 'number') return byId(samples, choice);
  if (choice >= samples.length) return [...samples];
  const random = createRandom(seed, 'explained images');
  const labels = [...new Set(samples.map(({ label }) => label))].sort((a, b) => a - b);
  const waiting = labels.map((label) =>
    random.shuffle(samples.filter((sample) => sample.label === label)),
  );
  const sizes = waiting.map(({ length }) => length);
  const taken = new Set<S>();
  while (taken.size < choice) {
    // the class that has been given the smallest share of itself so far
    const shares = waiting.map((left, k) =>
      left.length === 0 ? Infinity : (sizes[k] - left.length) / sizes[k],
    );
    taken.add(waiting[shares.indexOf(Math.min(...shares))].pop()!);
  }
  return samples.filter((sample) => taken.has(sample));
}

function byId<S extends Sample>(samples: readonly S[], ids: readonly string[]): S[] {
  const known = new Map(samples.map((sample) => [sample.id, sample]));
  throwIssues(
    ids
      .filter((id) => !known.has(id))
      .map((id) => {
        const near = suggestName(id, known.keys());
        return {
          path: 'images',
          message: `there is no image "${id}" among the ${samples.length} images`,
          hint: near === undefined ? `ids such as "${samples[0]?.id}"` : `did you mean "${near}"?`,
        };
      }),
  );
  return ids.map((id) => known.get(id)!);
}
