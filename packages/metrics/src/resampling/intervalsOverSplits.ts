import { InputError, type Predictions } from '@nonlocal-med/core';
import { type MetricName, metricOf } from '../evaluate/metricCatalog.js';
import { labeledPredictions } from '../input/alignPredictions.js';
import { checkPredictions } from '../input/checkPredictions.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weightSamples } from '../sample/weighting.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from './bootstrap.js';
import type { BootstrapInterval } from './replicateInterval.js';

/**
 * Bootstrap intervals of the mean of each metric over repeats whose test sets may differ or overlap. Images are resampled
 * once for all repeats, within their class, or as whole groups (patients) if predictions have them: an image counts as often as it was sampled in every repeat that tests it, so
 * repeats that share images vary together. On one shared test set this is `bootstrapInterval` of several models. Like it,
 * it covers other test images, not other training runs. Samples without a known true class are left out.
 * @param runs predictions of each repeat's model on its own test set
 * @throws RangeError when an option is out of range
 * @throws InputError when predictions cannot be used, there are none, or repeats disagree on classes or an image's truth
 */
export function intervalsOverSplits<Name extends MetricName>(
  runs: readonly Predictions[],
  metrics: readonly Name[],
  options: Omit<BootstrapOptions, 'groups'> = {},
): Record<Name, BootstrapInterval> {
  if (runs.length === 0)
    throw new InputError({ path: 'predictions', message: 'no repeat given', hint: 'one or more' });
  runs.forEach(checkPredictions);
  const { labels, groups, repeats } = poolImages(runs.map(labeledPredictions));
  const evaluated = repeats.map(({ predictions, images }) => {
    const samples = scoreSamples(
      predictions.labels,
      predictions.probabilities,
      predictions.classes.length,
    );
    return { samples, images, evaluators: metrics.map((metric) => metricOf(metric)(samples)) };
  });
  const means: WeightedStatistics = (weights) => {
    const values = evaluated.map(({ samples, images, evaluators }) => {
      const weighting = weightSamples(
        samples,
        Float64Array.from(images, (image) => weights[image]),
      );
      return evaluators.map((evaluate) => evaluate(weighting));
    });
    return metrics
      .map((_, m) =>
        values.reduce<number | null>(
          (sum, { [m]: value }) => (sum === null || value === null ? null : sum + value),
          0,
        ),
      )
      .map((sum) => (sum === null ? null : sum / runs.length));
  };
  const resampled = bootstrapStatistics(means, labels, { ...options, groups });
  return Object.fromEntries(metrics.map((name, m) => [name, resampled[m].interval])) as Record<
    Name,
    BootstrapInterval
  >;
}

interface PooledImages {
  /** True class of each image of any repeat, [images]. */
  readonly labels: Int32Array;
  /** Group of each image, [images]; undefined if no repeat has groups. */
  readonly groups?: readonly string[];
  /** The predictions of each repeat, with the image of each row, [count]. */
  readonly repeats: { readonly predictions: Predictions; readonly images: Int32Array }[];
}

function poolImages(runs: readonly Predictions[]): PooledImages {
  const known = new Map<string, number>();
  const labels: number[] = [];
  const groups: string[] = [];
  const isGrouped = runs.some((predictions) => predictions.groups !== undefined);
  const classes = runs[0].classes.join();
  const repeats = runs.map((predictions, run) => {
    if (predictions.classes.join() !== classes)
      throw new InputError({
        path: `predictions ${run + 1}`,
        message: `classes are ${predictions.classes.join(', ')}`,
        hint: `those of predictions 1: ${runs[0].classes.join(', ')}`,
      });
    const images = Int32Array.from(predictions.ids, (id, i) => {
      const image = known.get(id) ?? labels.push(predictions.labels[i]) - 1;
      known.set(id, image);
      groups[image] = predictions.groups?.[i] ?? groups[image] ?? id;
      if (labels[image] !== predictions.labels[i])
        throw new InputError({
          path: `predictions ${run + 1}`,
          message: `image "${id}" has true class ${predictions.labels[i]}, but ${labels[image]} in an earlier repeat`,
        });
      return image;
    });
    return { predictions, images };
  });
  return { labels: Int32Array.from(labels), groups: isGrouped ? groups : undefined, repeats };
}
