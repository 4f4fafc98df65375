import { metricEstimate } from '../evaluate/assembleReport.js';
import type { MetricEstimate } from '../evaluate/evaluationReport.js';
import { scoreOrder } from '../ranking/scoreOrder.js';
import { type BootstrapOptions, bootstrapStatistics } from '../resampling/bootstrap.js';
import { type BinarySamples, checkBinarySamples } from './binarySamples.js';

/** The rate that is fixed, at least, and its value. */
export interface FixedRate {
  readonly kind: 'sensitivity' | 'specificity';
  readonly target: number;
}

/**
 * The largest sensitivity of any threshold whose specificity is at least the target, or the other way round: a point of
 * these samples' ROC curve. The threshold is chosen on the samples that judge it, in every resample anew, so this says how
 * well the model ranks images, not how well a threshold chosen before does (`evaluateOperatingPoint`).
 * @returns the rate with its bootstrap interval over samples, or whole patients when samples have groups; calling nothing
 * positive is a threshold, too
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 * @example
 * ```ts
 * import { rateAtFixedRate } from '@nonlocal-med/metrics';
 *
 * const samples = {
 *   ids: ['a', 'b', 'c', 'd', 'e', 'f'],
 *   labels: Int32Array.of(0, 0, 0, 0, 1, 1),
 *   scores: Float64Array.of(0.1, 0.2, 0.3, 0.7, 0.6, 0.9),
 * };
 * console.log(rateAtFixedRate(samples, { kind: 'specificity', target: 0.9 }, { resamples: 100 }).value); // 0.5
 * ```
 */
export function rateAtFixedRate(
  samples: BinarySamples,
  { kind, target }: FixedRate,
  options: BootstrapOptions = {},
): MetricEstimate {
  checkBinarySamples(samples);
  if (!(target > 0 && target <= 1))
    throw new RangeError(`The fixed ${kind} must be above 0 and at most 1, got ${target}.`);
  const { labels, scores } = samples;
  const groups = options.groups ?? samples.groups;
  const { samples: order, ends } = scoreOrder(labels.length, (i) => scores[i]);
  const best = (weights: Float64Array): number | null => {
    let positives = 0;
    let negatives = 0;
    labels.forEach((label, i) => {
      if (label === 1) positives += weights[i];
      else negatives += weights[i];
    });
    if (positives === 0 || negatives === 0) return null;
    let truePositives = 0;
    let falsePositives = 0;
    let rate = 0; // of calling nothing positive; of calling everything positive, where a sensitivity is fixed
    for (let rank = order.length - 1; rank >= 0; rank--) {
      const sample = order[rank];
      if (labels[sample] === 1) truePositives += weights[sample];
      else falsePositives += weights[sample];
      if (rank > 0 && ends[rank - 1] === 0) continue;
      const sensitivity = truePositives / positives;
      const specificity = 1 - falsePositives / negatives;
      if (kind === 'specificity' && specificity >= target - 1e-12)
        rate = Math.max(rate, sensitivity);
      if (kind === 'sensitivity' && sensitivity >= target - 1e-12)
        rate = Math.max(rate, specificity);
    }
    return rate;
  };
  // Without groups, samples are resampled within their class: both rates are about one class each.
  const [{ interval }] = bootstrapStatistics((weights) => [best(weights)], labels, {
    ...options,
    groups,
  });
  return metricEstimate({
    value: interval.estimate,
    undefinedReason: () => 'no sample is positive, or none negative',
    bootstrap: interval,
  });
}
