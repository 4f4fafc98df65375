import { type McNemarResult, mcnemarTest } from '../hypothesis/mcnemarTest.js';
import type { BootstrapOptions } from '../resampling/bootstrap.js';
import { type BootstrapComparison, compareStatistics } from '../resampling/bootstrapDifference.js';
import { alignedScores, type BinarySamples, checkBinarySamples } from './binarySamples.js';
import {
  callPositive,
  type DecisionRateName,
  decisionRates,
  decisionStatistics,
} from './operatingReport.js';

/** A model's scores with the threshold that was chosen for it on validation samples. */
export interface OperatingModel {
  readonly samples: BinarySamples;
  /** Scores from this value up are called positive. */
  readonly threshold: number;
}

/** Two models' decisions on the same samples, as plain JSON. */
export interface OperatingComparison {
  /** Both models' rates and the interval of A - B, from resamples of samples or whole patients. */
  readonly rates: Readonly<Record<DecisionRateName, BootstrapComparison>>;
  /** McNemar's test on the positive samples, the negative ones, and all. It takes samples as independent. */
  readonly mcnemar: Readonly<Record<'sensitivity' | 'specificity' | 'accuracy', McNemarResult>>;
}

/**
 * Paired comparison of two models at their operating points on the same test samples, matched by id. Predictive values
 * have no McNemar test, because the models call different samples positive; when a patient has several samples, use the
 * p values of `rates`, which resample whole patients.
 * @throws RangeError when lengths differ or an option is out of range
 * @throws InputError when labels or scores cannot be used, there are no samples, or the samples of the models differ
 */
export function compareOperatingPoints(
  a: OperatingModel,
  b: OperatingModel,
  options: BootstrapOptions = {},
): OperatingComparison {
  checkBinarySamples(a.samples);
  checkBinarySamples(b.samples);
  const { labels, groups } = a.samples;
  const calledA = callPositive(a.samples.scores, a.threshold);
  const calledB = callPositive(alignedScores(a.samples, b.samples), b.threshold);
  const compared = compareStatistics(
    { a: decisionStatistics(labels, calledA), b: decisionStatistics(labels, calledB) },
    new Int32Array(labels.length),
    { ...options, groups: options.groups ?? groups },
  );
  const test = (truth?: number): McNemarResult => {
    const isTested = (_: number, i: number): boolean => truth === undefined || labels[i] === truth;
    return mcnemarTest(labels.filter(isTested), calledA.filter(isTested), calledB.filter(isTested));
  };
  return {
    rates: Object.fromEntries(
      decisionRates.map(({ name }, r) => [name, compared[r]]),
    ) as OperatingComparison['rates'],
    mcnemar: { sensitivity: test(1), specificity: test(0), accuracy: test() },
  };
}
