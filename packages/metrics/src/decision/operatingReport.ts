import { safeDivide } from '../confusion/averages.js';
import { metricEstimate } from '../evaluate/assembleReport.js';
import type { MetricEstimate } from '../evaluate/evaluationReport.js';
import { clopperPearsonInterval } from '../hypothesis/proportionInterval.js';
import { checkConfidence } from '../input/checkArguments.js';
import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from '../resampling/bootstrap.js';
import { type BinarySamples, checkBinarySamples } from './binarySamples.js';

/** The rates of a yes-or-no decision; `ppv` and `npv` are the positive and negative predictive value. */
export type DecisionRateName = 'sensitivity' | 'specificity' | 'ppv' | 'npv' | 'accuracy';

/** A share of samples: `count` of `total`, with its interval. */
export interface DecisionRate extends MetricEstimate {
  readonly count: number;
  readonly total: number;
}

/** What a threshold achieves on samples it was not chosen on, as plain JSON. */
export interface OperatingReport extends Readonly<Record<DecisionRateName, DecisionRate>> {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  /** Groups (patients) of the positive samples and of the negative ones; absent if samples have no groups. */
  readonly groups?: { readonly positive: number; readonly negative: number };
  readonly confidence: number;
}

/** Which intervals {@link evaluateOperatingPoint} gives. */
export interface OperatingReportOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Intervals by resampling samples, or whole patients when samples have groups, instead of Clopper and Pearson's. */
  readonly bootstrap?: BootstrapOptions;
}

interface RateDefinition {
  readonly name: DecisionRateName;
  /** Which samples the rate is about: it is the share of correct decisions among them. */
  readonly of: (truth: number, called: number) => boolean;
  /** Why there is no rate when it is about no sample. */
  readonly absent: string;
}

/** Each rate as the share of correct decisions among some of the samples. */
export const decisionRates: readonly RateDefinition[] = [
  {
    name: 'sensitivity',
    of: (truth) => truth === 1,
    absent: 'no sample is positive',
  },
  {
    name: 'specificity',
    of: (truth) => truth === 0,
    absent: 'no sample is negative',
  },
  {
    name: 'ppv',
    of: (_, called) => called === 1,
    absent: 'no sample is called positive',
  },
  {
    name: 'npv',
    of: (_, called) => called === 0,
    absent: 'no sample is called negative',
  },
  { name: 'accuracy', of: () => true, absent: 'there are no samples' },
];

/**
 * The rates of a decision at a threshold that was chosen on other samples, each with Clopper and Pearson's exact interval.
 * That one takes samples as independent; when a patient has several, pass `bootstrap`: whole patients are then resampled.
 * PPV and NPV hold at the share of positives of these samples.
 * @param threshold scores from this value up are called positive
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError that lists labels other than 0 and 1 and scores that are NaN, with their index
 * @example
 * ```ts
 * import { binarySamples, evaluateOperatingPoint } from '@nonlocal-med/metrics';
 *
 * const test = binarySamples(
 *   {
 *     classes: ['healthy', 'lesions'],
 *     ids: ['a', 'b', 'c', 'd', 'e'],
 *     labels: Int32Array.of(0, 0, 1, 1, 1),
 *     probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.7, 0.3), // [5, 2]
 *   },
 *   'lesions',
 * );
 * const { sensitivity, specificity } = evaluateOperatingPoint(test, 0.5);
 * console.log(sensitivity.count, sensitivity.total); // 2 3
 * console.log(specificity.value, specificity.interval?.lower.toFixed(4)); // 0.5 0.0126
 * ```
 */
export function evaluateOperatingPoint(
  samples: BinarySamples,
  threshold: number,
  { bootstrap, confidence = bootstrap?.confidence ?? 0.95 }: OperatingReportOptions = {},
): OperatingReport {
  checkConfidence(confidence);
  checkBinarySamples(samples);
  const called = callPositive(samples.scores, threshold);
  const { labels } = samples;
  const groups = bootstrap?.groups ?? samples.groups;
  const resampled =
    bootstrap === undefined || labels.length === 0
      ? undefined
      : bootstrapStatistics(
          decisionStatistics(labels, called),
          // One stratum: the share of positives, on which PPV and NPV depend, varies as it would in other samples.
          new Int32Array(labels.length),
          { ...bootstrap, groups, confidence },
        );
  const tally = (truth: number, call: number): number =>
    labels.reduce((sum, label, i) => sum + (label === truth && called[i] === call ? 1 : 0), 0);
  return {
    threshold,
    truePositives: tally(1, 1),
    falsePositives: tally(0, 1),
    falseNegatives: tally(1, 0),
    trueNegatives: tally(0, 0),
    ...(groups === undefined
      ? {}
      : {
          groups: { positive: groupsOf(1, labels, groups), negative: groupsOf(0, labels, groups) },
        }),
    confidence,
    ...(Object.fromEntries(
      decisionRates.map((rate, r) => {
        const { count, total } = weightedRate(rate, labels, { called });
        const exact = clopperPearsonInterval(count, total, { confidence });
        const estimate = metricEstimate({
          value: safeDivide(count, total),
          undefinedReason: () => rate.absent,
          formula:
            exact === null
              ? undefined
              : { lower: exact.lower, upper: exact.upper, method: 'clopper-pearson' },
          bootstrap: resampled?.[r].interval,
        });
        return [rate.name, { ...estimate, count, total }];
      }),
    ) as Record<DecisionRateName, DecisionRate>),
  };
}

/** 1 where a score reaches the threshold, [count]. @throws RangeError when the threshold is NaN */
export function callPositive(scores: Float64Array, threshold: number): Int32Array {
  if (Number.isNaN(threshold)) throw new RangeError('The threshold is NaN; expected a number.');
  return Int32Array.from(scores, (score) => (score >= threshold ? 1 : 0));
}

/** Each of {@link decisionRates} over samples that each count `weights[i]` times. */
export function decisionStatistics(labels: Int32Array, called: Int32Array): WeightedStatistics {
  return (weights) =>
    decisionRates.map((rate) => {
      const { count, total } = weightedRate(rate, labels, { called, weights });
      return safeDivide(count, total);
    });
}

function weightedRate(
  { of }: RateDefinition,
  labels: Int32Array,
  { called, weights }: { readonly called: Int32Array; readonly weights?: Float64Array },
): { readonly count: number; readonly total: number } {
  let count = 0;
  let total = 0;
  for (let i = 0; i < labels.length; i++) {
    if (!of(labels[i], called[i])) continue;
    const weight = weights === undefined ? 1 : weights[i];
    total += weight;
    if (labels[i] === called[i]) count += weight;
  }
  return { count, total };
}

function groupsOf(truth: number, labels: Int32Array, groups: readonly string[]): number {
  return new Set(groups.filter((_, i) => labels[i] === truth)).size;
}
