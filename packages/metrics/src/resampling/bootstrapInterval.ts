import type { Predictions } from '@nonlocal-med/core';
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
 * Bootstrap interval of a metric over test samples (spec 10.3). Several models that share a test split are matched by
 * id and averaged inside each resample: the interval is then that of their mean. It says how the number would move with
 * other test samples, not with other training runs. Samples without known truth are left out.
 *
 * @param metric a name, or a function in two steps that gives a number for every weighting of the samples
 * @throws InputError when a name is unknown, the predictions are not usable, or the models speak of different samples.
 */
export function bootstrapInterval(
  predictions: Predictions | readonly Predictions[],
  metric: MetricName | Metric,
  options: BootstrapOptions = {},
): BootstrapInterval {
  const models = comparableModels([predictions].flat());
  return bootstrapStatistics(
    meanStatistics(models, [metricOf(metric)]),
    models[0].labels,
    options,
  )[0].interval;
}

/** Metrics averaged over models that speak of the same samples in the same order; null where one of them has none. */
export function meanStatistics(
  models: readonly Predictions[],
  metrics: readonly Metric[],
): WeightedStatistics {
  const prepared = models.map(({ labels, probabilities, classes }) => {
    const samples = scoreSamples(labels, probabilities, classes.length);
    return { samples, evaluators: metrics.map((metric) => metric(samples)) };
  });
  return (weights) => {
    const sums: (number | null)[] = metrics.map(() => 0);
    for (const { samples, evaluators } of prepared) {
      const weighting = weightSamples(samples, weights);
      evaluators.forEach((evaluate, m) => {
        const value = evaluate(weighting);
        const sum = sums[m];
        sums[m] = value === null || sum === null ? null : sum + value;
      });
    }
    return sums.map((sum) => (sum === null ? null : sum / models.length));
  };
}
