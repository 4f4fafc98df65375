import type { Predictions } from '@nonlocal-med/core';
import { weightedMean } from '../confusion/averages.js';
import { type MetricName, metricOf } from '../evaluate/metricCatalog.js';
import { comparableModels } from '../input/alignPredictions.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { type Metric, weightSamples } from '../sample/weighting.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from './bootstrap.js';
import type { BootstrapInterval } from './replicateInterval.js';

/**
 * Bootstrap interval of a metric over test samples (specification, 10.3). Several models that share a test set are
 * matched by id and averaged within each resample; the interval is then that of their mean. It shows how the number would
 * vary with other test samples, not with other training runs. Samples without a known true class are left out.
 * @param metric a name, or a function in two steps that gives a number for every weighting of the samples
 * @throws RangeError when an option is out of range
 * @throws InputError when a name is unknown, predictions cannot be used, or the samples of the models differ
 * @example
 * ```ts
 * import { bootstrapInterval } from '@nonlocal-med/metrics';
 *
 * const predictions = {
 *   classes: ['healthy', 'lesions'],
 *   ids: ['a', 'b', 'c', 'd'],
 *   labels: Int32Array.of(0, 0, 1, 1),
 *   probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8), // [4, 2]
 * };
 * const { estimate, lower, upper } = bootstrapInterval(predictions, 'accuracy', { resamples: 500 });
 * console.log(estimate); // 0.75
 * console.log(lower, upper); // 0.5 1
 * ```
 */
export function bootstrapInterval(
  predictions: Predictions | readonly Predictions[],
  metric: MetricName | Metric,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const models = comparableModels([predictions].flat());
  return bootstrapStatistics(meanStatistics(models, [metricOf(metric)]), models[0].labels, {
    ...options,
    groups: options.groups ?? models[0].groups,
  })[0].interval;
}

/**
 * Mean of some values with a bootstrap interval over the values, or over groups of them.
 * @param values one per sample, [count]
 * @returns a null estimate when there are no values
 * @throws RangeError when an option is out of range or `groups` does not have one entry per value
 */
export function bootstrapMean(
  values: ArrayLike<number>,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const mean: WeightedStatistics = (weights) => [weightedMean(values, weights)];
  return bootstrapStatistics(mean, new Int32Array(values.length), options)[0].interval;
}

/** Metrics averaged over models on the same samples in the same order; null where one of the models has none. */
export function meanStatistics(
  models: readonly Predictions[],
  metrics: readonly Metric[],
): WeightedStatistics {
  return meanOfModels(
    models.map(({ labels, probabilities, classes }): WeightedStatistics => {
      const samples = scoreSamples(labels, probabilities, classes.length);
      const evaluators = metrics.map((metric) => metric(samples));
      return (weights) => {
        const weighting = weightSamples(samples, weights);
        return evaluators.map((evaluate) => evaluate(weighting));
      };
    }),
  );
}

/** The mean of each statistic over models; null where one of the models has none. */
export function meanOfModels(models: readonly WeightedStatistics[]): WeightedStatistics {
  return (weights) => {
    const values = models.map((statistics) => statistics(weights));
    return values[0].map((_, s) => {
      let sum = 0;
      for (const { [s]: value } of values) {
        if (value === null) return null;
        sum += value;
      }
      return sum / models.length;
    });
  };
}
