import type { Predictions } from '@nonlocal-med/core';
import type { Metric } from '../sample/metric.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { weigh } from '../sample/weighting.js';
import type { WeightedStatistics } from './bootstrap.js';

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
      const weighting = weigh(samples, weights);
      evaluators.forEach((evaluate, m) => {
        const value = evaluate(weighting);
        const sum = sums[m];
        sums[m] = value === null || sum === null ? null : sum + value;
      });
    }
    return sums.map((sum) => (sum === null ? null : sum / models.length));
  };
}
