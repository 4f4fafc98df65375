import {
  createRandom,
  type Issue,
  type Sample,
  suggestName,
  throwIssues,
} from '@nonlocal-med/core';
import { type DataOptions, type LoaderSample, openDataset } from '@nonlocal-med/data';
import { requireDataPath } from '../data/requireDataPath.js';
import { openRunData, requireSameData } from '../data/runData.js';
import { matchSamples } from '../inference/matchSamples.js';
import type { TrainedRun } from '../run/openTrainedRun.js';
import type { ProgressListener } from '../run/progressListener.js';

/**
 * Images that a run can be explained with: its test set, or another data set with the labels of the run.
 * @throws InputError if the images of the run have changed or moved, or the other data set has problems.
 */
export async function explainedSamples(
  { run, config, task, classes }: TrainedRun,
  {
    data,
    signal,
    onNote,
    onImages,
  }: ProgressListener & { data?: DataOptions; signal?: AbortSignal },
): Promise<readonly LoaderSample[]> {
  const onProgress = (done: number, total: number): void =>
    onImages?.('checking images', done, total);
  if (data === undefined) {
    await requireDataPath(run, config);
    const runData = await openRunData(config, { signal, onProgress });
    requireSameData(run, runData);
    return runData.split.test;
  }
  const dataset = await openDataset({
    ...data,
    modelValues: config.preprocessing.values,
    signal,
    onProgress,
  });
  for (const note of [...dataset.privateNotes, ...dataset.notes]) onNote?.(note);
  return matchSamples(dataset, { task, labels: classes }, { path: data.path, onNote });
}

/** Which images: all, a number of images in proportion to the classes, or ids. */
export type ImageChoice = 'all' | number | readonly string[];

/**
 * Chooses images, in the order of the data set or of the ids. A number always yields the same images: at least one of
 * each class, the others in proportion to the classes. An image with several findings counts as one of the rarest of them.
 * @throws InputError with every unknown id.
 */
export function chooseImages<S extends Sample>(
  samples: readonly S[],
  choice: ImageChoice,
  seed: number,
): S[] {
  if (choice === 'all') return [...samples];
  if (typeof choice !== 'number') return findIds(samples, choice);
  if (choice >= samples.length) return [...samples];
  const random = createRandom(seed, 'explained images');
  const classOf = classOfSamples(samples);
  const labels = [...new Set(samples.map(classOf))].sort((a, b) => a - b);
  const waiting = labels.map((label) =>
    random.shuffle(samples.filter((sample) => classOf(sample) === label)),
  );
  const sizes = waiting.map(({ length }) => length);
  const chosen = new Set<S>();
  while (chosen.size < choice) {
    // next comes the class of which the smallest fraction has been chosen
    const fractions = waiting.map((left, k) =>
      left.length === 0 ? Infinity : (sizes[k] - left.length) / sizes[k],
    );
    chosen.add(waiting[fractions.indexOf(Math.min(...fractions))].pop()!);
  }
  return samples.filter((sample) => chosen.has(sample));
}

/** The class of each sample, or the rarest of the findings that it shows; -1 for none. */
function classOfSamples(samples: readonly Sample[]): (sample: Sample) => number {
  const counts: number[] = [];
  for (const { findings = [] } of samples)
    findings.forEach((label, finding) => {
      counts[finding] = (counts[finding] ?? 0) + (label === 1 ? 1 : 0);
    });
  return ({ label, findings }) =>
    findings === undefined
      ? label
      : findings.reduce(
          (rarest, value, finding) =>
            value === 1 && (rarest < 0 || counts[finding] < counts[rarest]) ? finding : rarest,
          -1,
        );
}

function findIds<S extends Sample>(samples: readonly S[], ids: readonly string[]): S[] {
  const byId = new Map(samples.map((sample) => [sample.id, sample]));
  const issueOf = (id: string): Issue => {
    const near = suggestName(id, byId.keys());
    return {
      path: 'images',
      message: `unknown image "${id}" among ${samples.length} images`,
      hint: near === undefined ? `ids such as "${samples[0]?.id}"` : `did you mean "${near}"?`,
    };
  };
  throwIssues(ids.filter((id) => !byId.has(id)).map(issueOf));
  return ids.map((id) => byId.get(id)!);
}
