import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import { namedStatistics, resamplingStrata } from '../evaluate/namedStatistics.js';
import type { TaskMetric } from '../evaluate/taskReport.js';
import { labeledPredictions, requireSameNames } from '../input/alignPredictions.js';
import { checkTaskPredictions, otherTruth, truthOf } from '../input/taskPredictions.js';
import { type BootstrapOptions, bootstrapStatistics } from './bootstrap.js';
import { meanOfModels } from './bootstrapInterval.js';
import type { BootstrapInterval } from './replicateInterval.js';

/**
 * Bootstrap intervals of the mean of each metric over repeats whose test sets may differ or overlap. Images are resampled
 * once for all repeats, within their class, or as whole groups (patients) if predictions have them: an image counts as often as it was sampled in every repeat that tests it, so
 * repeats that share images vary together. On one shared test set this is `bootstrapInterval` of several models. Like it,
 * it covers other test images, not other training runs. Samples without a known truth are left out.
 * @param runs predictions of each repeat's model on its own test set, all of one task
 * @throws RangeError when an option is out of range
 * @throws InputError when predictions cannot be used, there are none, or repeats disagree on classes, findings or an image's truth
 */
export function intervalsOverSplits<Name extends TaskMetric>(
  runs: readonly TaskPredictions[],
  metrics: readonly Name[],
  options: Omit<BootstrapOptions, 'groups'> = {},
): Record<Name, BootstrapInterval> {
  if (runs.length === 0)
    throw new InputError({ path: 'predictions', message: 'no repeat given', hint: 'one or more' });
  runs.forEach(checkTaskPredictions);
  const { strata, groups, repeats } = poolImages(runs.map(labeledPredictions));
  const means = meanOfModels(
    repeats.map(({ predictions, images }) => {
      const statistics = namedStatistics(predictions, metrics);
      return (weights) => statistics(Float64Array.from(images, (image) => weights[image]));
    }),
  );
  const resampled = bootstrapStatistics(means, strata, { ...options, groups });
  return Object.fromEntries(metrics.map((name, m) => [name, resampled[m].interval])) as Record<
    Name,
    BootstrapInterval
  >;
}

interface PooledImages {
  /** Images of any repeat are resampled within these, [images]. */
  readonly strata: Int32Array;
  /** Group of each image, [images]; undefined if no repeat has groups. */
  readonly groups?: readonly string[];
  /** The predictions of each repeat, with the image of each row, [count]. */
  readonly repeats: { readonly predictions: TaskPredictions; readonly images: Int32Array }[];
}

function poolImages(runs: readonly TaskPredictions[]): PooledImages {
  const known = new Map<string, number>();
  const truths: Int32Array[] = [];
  const strata: number[] = [];
  const groups: string[] = [];
  const isGrouped = runs.some((predictions) => predictions.groups !== undefined);
  const repeats = runs.map((predictions, run) => {
    requireSameNames(runs[0], predictions, `predictions ${run + 1}`);
    const within = resamplingStrata(predictions);
    const images = Int32Array.from(predictions.ids, (id, i) => {
      const truth = truthOf(predictions, i);
      const image = known.get(id) ?? truths.push(truth) - 1;
      known.set(id, image);
      strata[image] = within[i];
      groups[image] = predictions.groups?.[i] ?? groups[image] ?? id;
      if (truth.some((label, t) => label !== truths[image][t]))
        throw new InputError({
          path: `predictions ${run + 1}`,
          message: `${otherTruth(predictions, i, truths[image])} in an earlier repeat`,
        });
      return image;
    });
    return { predictions, images };
  });
  return { strata: Int32Array.from(strata), groups: isGrouped ? groups : undefined, repeats };
}
