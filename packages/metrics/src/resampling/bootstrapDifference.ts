import type { Predictions } from '@nonlocal-med/core';
import { type MetricName, metricOf } from '../evaluate/metricCatalogue.js';
import { comparableModels } from '../input/comparableModels.js';
import type { Metric } from '../sample/metric.js';
import type { BootstrapOptions } from './bootstrapOptions.js';
import { type BootstrapComparison, pairedBootstrap } from './pairedBootstrap.js';

/**
 * Bootstrap interval and p-value of the difference A - B of a metric between two models (or two sets of models, each
 * averaged) on the same test samples: both are computed on each resample, so that what the samples share cancels.
 *
 * @param metric a name, or a function in two steps that gives a number for every weighting of the samples
 * @throws InputError when a name is unknown, the predictions are not usable, or the models speak of different samples.
 */
export function bootstrapDifference(
  a: Predictions | readonly Predictions[],
  b: Predictions | readonly Predictions[],
  metric: MetricName | Metric,
  options: BootstrapOptions = {},
): BootstrapComparison {
  const first = [a].flat();
  const models = comparableModels([...first, ...[b].flat()]);
  return pairedBootstrap(
    {
      a: models.slice(0, first.length),
      b: models.slice(first.length),
      metrics: [metricOf(metric)],
    },
    options,
  )[0];
}
