import type { Predictions } from '@nonlocal-med/core';
import { type MetricName, metricOf } from '../evaluate/metricCatalogue.js';
import { comparableModels } from '../input/comparableModels.js';
import type { Metric } from '../sample/metric.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { bootstrapStatistics } from './bootstrapStatistics.js';
import { meanStatistics } from './meanStatistics.js';
import type { BootstrapInterval } from './summariseReplicates.js';

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
