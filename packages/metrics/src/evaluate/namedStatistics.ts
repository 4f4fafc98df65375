import type { TaskPredictions } from '@nonlocal-med/core';
import { findingStatistics, prepareFindings } from '../findings/findingStatistics.js';
import type { WeightedStatistics } from '../resampling/bootstrap.js';
import { meanStatistics } from '../resampling/bootstrapInterval.js';
import { type MetricName, metricOf } from './metricCatalog.js';

/**
 * Metrics of checked predictions by their names, over samples that each count `weights[i]` times. Findings are called
 * present from a probability of 0.5 on.
 * @throws InputError that lists the names when one is unknown
 */
export function namedStatistics(
  predictions: TaskPredictions,
  names: readonly string[],
): WeightedStatistics {
  return 'findings' in predictions
    ? findingStatistics(prepareFindings(predictions, 0.5), names)
    : meanStatistics(
        [predictions],
        names.map((name) => metricOf(name as MetricName)),
      );
}

/** Samples are resampled within these: their classes; images with findings are all alike. [count] */
export const resamplingStrata = (predictions: TaskPredictions): Int32Array =>
  'findings' in predictions ? new Int32Array(predictions.ids.length) : predictions.labels;
