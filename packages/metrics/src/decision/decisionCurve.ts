import { InputError, type Issue, throwIssues } from '@nonlocal-med/core';
import { checkConfidence } from '../input/checkArguments.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from '../resampling/bootstrap.js';
import type { BootstrapInterval } from '../resampling/replicateInterval.js';
import { type BinarySamples, checkBinarySamples, requireBothClasses } from './binarySamples.js';

/** A net benefit with its interval; `lower` and `upper` are null where resamples give none. */
export type NetBenefit = Pick<BootstrapInterval, 'estimate' | 'lower' | 'upper'>;

/** Net benefits at one threshold probability. Treating nobody has a net benefit of 0. */
export interface DecisionCurvePoint {
  /** The probability at which the harm of treating a healthy patient balances the benefit of treating a sick one. */
  readonly threshold: number;
  /** Treating those whose probability reaches the threshold. */
  readonly model: NetBenefit;
  /** Treating everybody. */
  readonly treatAll: NetBenefit;
  /** The model minus the better of treating everybody and nobody: above 0 where using the model pays. */
  readonly gain: NetBenefit;
}

/** How a decision curve is computed. */
export interface DecisionCurveOptions extends BootstrapOptions {
  /** Threshold probabilities, each above 0 and below 1; default 0.01, 0.02 to 0.99. */
  readonly thresholds?: readonly number[];
  /** Share of positives where the decision is made; default: that of the samples. Needed for case-control data. */
  readonly prevalence?: number;
}

const DEFAULT_THRESHOLDS: readonly number[] = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);

/**
 * Decision curve (Vickers and Elkin 2006): net benefit = TP / n - FP / n * t / (1 - t) at each threshold probability t,
 * where a probability equal to t is treated; with a prevalence, its share times the sensitivity, and one minus it times the
 * false positive rate. Intervals come from resamples of samples, or of whole patients when there are groups; without a
 * prevalence, the share of positives varies with the resamples. They are pointwise, one threshold at a time.
 * @param samples scores are calibrated probabilities: the threshold is compared with them
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError when labels are not 0 or 1, scores are not probabilities, a class is absent, or a threshold or the
 * prevalence is out of range
 * @example
 * ```ts
 * import { decisionCurve } from '@nonlocal-med/metrics';
 *
 * const samples = {
 *   ids: ['a', 'b', 'c', 'd', 'e'],
 *   labels: Int32Array.of(0, 0, 0, 1, 1),
 *   scores: Float64Array.of(0.1, 0.2, 0.6, 0.5, 0.9),
 * };
 * const [{ model, treatAll, gain }] = decisionCurve(samples, { thresholds: [0.5], resamples: 100 });
 * console.log([model, treatAll, gain].map(({ estimate }) => estimate?.toFixed(2)).join(' ')); // 0.20 -0.20 0.20
 * ```
 */
export function decisionCurve(
  samples: BinarySamples,
  { thresholds = DEFAULT_THRESHOLDS, prevalence, ...options }: DecisionCurveOptions = {},
): DecisionCurvePoint[] {
  checkConfidence(options.confidence ?? 0.95);
  checkBinarySamples(samples);
  checkProbabilities(samples.scores);
  checkOpenShares(thresholds, prevalence);
  requireBothClasses(samples.labels, 'a decision curve');
  const intervals = bootstrapStatistics(
    netBenefits(samples, thresholds, prevalence),
    new Int32Array(samples.labels.length),
    { ...options, groups: options.groups ?? samples.groups },
  ).map(({ interval: { estimate, lower, upper } }): NetBenefit => ({ estimate, lower, upper }));
  return thresholds.map((threshold, k) => ({
    threshold,
    model: intervals[3 * k],
    treatAll: intervals[3 * k + 1],
    gain: intervals[3 * k + 2],
  }));
}

/** Of the model, of treating everybody, and the gain, at each threshold in turn. */
function netBenefits(
  { labels, scores }: BinarySamples,
  thresholds: readonly number[],
  prevalence: number | undefined,
): WeightedStatistics {
  const order = [...thresholds.keys()].sort((a, b) => thresholds[a] - thresholds[b]);
  // How many thresholds, in ascending order, each sample's probability reaches.
  const reached = Int32Array.from(scores, (score) => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (thresholds[order[middle]] <= score) low = middle + 1;
      else high = middle;
    }
    return low;
  });
  return (weights) => {
    const treated = [0, 1].map(() => new Float64Array(order.length + 1));
    for (let i = 0; i < labels.length; i++) treated[labels[i]][reached[i]] += weights[i];
    // From "reaches exactly k" to "reaches at least k".
    for (const counts of treated)
      for (let k = order.length - 1; k >= 0; k--) counts[k] += counts[k + 1];
    const [negatives, positives] = treated.map((counts) => counts[0]);
    const share = prevalence ?? positives / (positives + negatives);
    const values: (number | null)[] = Array<null>(3 * order.length).fill(null);
    order.forEach((index, k) => {
      const odds = thresholds[index] / (1 - thresholds[index]);
      const rate = (truth: 0 | 1): number => treated[truth][k + 1] / treated[truth][0];
      // Without positives (or negatives) their term is 0, unless a prevalence says that there are some.
      const benefit = share === 0 ? 0 : share * rate(1);
      const harm = share === 1 ? 0 : (1 - share) * rate(0) * odds;
      if (Number.isNaN(benefit - harm)) return;
      const all = share - (1 - share) * odds;
      values.splice(3 * index, 3, benefit - harm, all, benefit - harm - Math.max(all, 0));
    });
    return values;
  };
}

function checkProbabilities(scores: Float64Array): void {
  const issues: Issue[] = [];
  scores.forEach((score, i) => {
    if (!(score >= 0 && score <= 1))
      issues.push({
        path: `scores[${i}]`,
        message: `${score} is not a probability`,
        hint: 'a number from 0 to 1; apply a sigmoid to logits first',
      });
  });
  throwIssues(issues);
}

function checkOpenShares(thresholds: readonly number[], prevalence: number | undefined): void {
  if (thresholds.length === 0)
    throw new InputError({ path: 'thresholds', message: 'none is given', hint: 'one or more' });
  const issues = thresholds.flatMap((threshold, i): Issue[] =>
    threshold > 0 && threshold < 1
      ? []
      : [
          {
            path: `thresholds[${i}]`,
            message: `${threshold} is not a threshold probability`,
            hint: 'above 0 and below 1',
          },
        ],
  );
  if (prevalence !== undefined && !(prevalence > 0 && prevalence < 1))
    issues.push({
      path: 'prevalence',
      message: `${prevalence} is out of range`,
      hint: 'the share of positives, above 0 and below 1',
    });
  throwIssues(issues);
}
