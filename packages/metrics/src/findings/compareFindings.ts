import type { FindingPredictions } from '@nonlocal-med/core';
import { binaryInfluence, meanInfluence } from '../delong/aucInfluence.js';
import { type AucComparison, compareInfluences } from '../delong/delongTest.js';
import { type McNemarResult, mcnemarTest } from '../hypothesis/mcnemarTest.js';
import { holm } from '../hypothesis/multipleComparisons.js';
import { comparableModels } from '../input/alignPredictions.js';
import type { BootstrapOptions } from '../resampling/bootstrap.js';
import {
  type BootstrapComparison,
  compareStatistics,
  resampledAuc,
} from '../resampling/bootstrapDifference.js';
import { meanOfModels } from '../resampling/bootstrapInterval.js';
import { findingsComparisonWithoutProbabilities } from './decidedFindings.js';
import {
  type FindingStatistic,
  findingStatisticNames,
  findingStatistics,
  type PreparedFindings,
  prepareFindings,
} from './findingStatistics.js';

/** Which metrics of findings are compared, where findings are called present, and how samples are resampled. */
export interface FindingsComparisonOptions extends BootstrapOptions {
  /** Default: all. */
  readonly metrics?: readonly FindingStatistic[];
  /** Probability from which the models A call a finding present: one for all, or one per finding; default 0.5. */
  readonly thresholdsA?: number | readonly number[];
  /** The same for the models B. */
  readonly thresholdsB?: number | readonly number[];
}

/** Two models, or two sets of models, for several findings on the same test samples, as plain JSON. */
export interface FindingsComparison {
  /** Samples with a known label of any finding. */
  readonly samples: number;
  /** Number of models A, which are averaged. */
  readonly modelsA: number;
  /** Number of models B, which are averaged. */
  readonly modelsB: number;
  readonly confidence: number;
  /** Paired bootstrap of each metric. */
  readonly metrics: Readonly<Partial<Record<FindingStatistic, BootstrapComparison>>>;
  /** Groups (patients) of the samples, which are resampled as a whole; null if every sample is independent. */
  readonly groups: number | null;
  /** The macro AUC, by the paired bootstrap. */
  readonly auc: AucComparison;
  readonly perFinding: readonly FindingComparison[];
}

/** Two models, or two sets of models, on the known labels of one finding. */
export interface FindingComparison {
  readonly finding: string;
  /** Known labels. */
  readonly labels: number;
  /** DeLong's test of the AUC; with groups, the paired bootstrap over groups. */
  readonly auc: AucComparison;
  /** P value of `auc` adjusted for the number of findings (Holm). */
  readonly aucAdjusted: number | null;
  /** McNemar's test of the calls at the thresholds; null when A or B is several models, or samples have groups. */
  readonly accuracy: McNemarResult | null;
  /** Mid-p value of `accuracy` adjusted for the number of findings (Holm). */
  readonly accuracyAdjusted: number | null;
}

/**
 * Compares two models for several findings on the same test samples, matched by id: paired bootstrap for every metric of
 * each finding and for the averages, DeLong's test for the AUC of each finding, McNemar's for its calls at the threshold.
 * The latter two take samples for independent, so with groups (patients) the bootstrap over whole groups replaces them. P
 * values of the single findings are also adjusted for their number. A and B may each be several models (repeats on one
 * split), which are averaged.
 * @throws RangeError when an option is out of range
 * @throws InputError when predictions cannot be used, a metric is unknown, or the samples of the models differ
 * @example
 * ```ts
 * import { compareFindings } from '@nonlocal-med/metrics';
 *
 * const images = {
 *   findings: ['effusion', 'mass'],
 *   ids: [...'abcdef'],
 *   labels: Int32Array.of(1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, -1), // [6, 2]
 * };
 * const model = { ...images, probabilities: Float64Array.of(0.9, 0.2, 0.1, 0.8, 0.7, 0.3, 0.2, 0.6, 0.8, 0.4, 0.3, 0.5) };
 * const baseline = { ...images, probabilities: Float64Array.of(0.6, 0.7, 0.7, 0.6, 0.5, 0.3, 0.2, 0.4, 0.8, 0.4, 0.6, 0.5) };
 * const { auc, perFinding } = compareFindings(model, baseline, { resamples: 200 });
 * console.log(auc.difference?.toFixed(3), perFinding[0].auc.aucB?.toFixed(3)); // 0.403 0.611
 * ```
 */
export function compareFindings(
  a: FindingPredictions | readonly FindingPredictions[],
  b: FindingPredictions | readonly FindingPredictions[],
  { metrics, thresholdsA = 0.5, thresholdsB = 0.5, ...bootstrap }: FindingsComparisonOptions = {},
): FindingsComparison {
  const modelsA = [a].flat().length;
  const models = comparableModels([a, b].flat());
  const [{ findings, ids }] = models;
  const groups = bootstrap.groups ?? models.find((model) => model.groups !== undefined)?.groups;
  const confidence = bootstrap.confidence ?? 0.95;
  const sets = {
    a: models.slice(0, modelsA).map((model) => prepareFindings(model, thresholdsA)),
    b: models.slice(modelsA).map((model) => prepareFindings(model, thresholdsB)),
  };
  const requested = metrics ?? findingStatisticNames(findings);
  const aucs = findings.map((finding): FindingStatistic => `auc of ${finding}`);
  const resampled = [
    ...new Set<FindingStatistic>([...requested, 'auc', ...(groups === undefined ? [] : aucs)]),
  ];
  const differences = compareStatistics(
    {
      a: meanOfModels(sets.a.map((model) => findingStatistics(model, resampled))),
      b: meanOfModels(sets.b.map((model) => findingStatistics(model, resampled))),
    },
    new Int32Array(ids.length),
    { ...bootstrap, groups },
  );
  const differenceIn = (name: FindingStatistic): BootstrapComparison =>
    differences[resampled.indexOf(name)];
  const comparison: FindingsComparison = {
    samples: ids.length,
    modelsA,
    modelsB: sets.b.length,
    confidence,
    metrics: Object.fromEntries(requested.map((name) => [name, differenceIn(name)])),
    groups: groups === undefined ? null : new Set(groups).size,
    auc: resampledAuc(differenceIn('auc')),
    perFinding: adjust(
      findings.map((finding, f) => ({
        finding,
        labels: sets.a[0].each[f].rows.length,
        auc:
          groups === undefined
            ? delongOfFinding(sets, f, confidence)
            : resampledAuc(differenceIn(aucs[f])),
        accuracy:
          models.length === 2 && groups === undefined
            ? callsOfFinding(sets.a[0], sets.b[0], f)
            : null,
      })),
    ),
  };
  const decides = (all: readonly FindingPredictions[]): boolean =>
    all.some(({ decisionsOnly }) => decisionsOnly !== undefined);
  const decisionsOnly = { a: decides(models.slice(0, modelsA)), b: decides(models.slice(modelsA)) };
  return decisionsOnly.a || decisionsOnly.b
    ? findingsComparisonWithoutProbabilities(comparison, decisionsOnly)
    : comparison;
}

function delongOfFinding(
  { a, b }: Record<'a' | 'b', readonly PreparedFindings[]>,
  finding: number,
  confidence: number,
): AucComparison {
  const { labels } = a[0].each[finding].samples;
  const influence = (models: readonly PreparedFindings[]): ReturnType<typeof meanInfluence> =>
    meanInfluence(
      models.map(({ each }) => {
        const { probabilities } = each[finding].samples;
        return binaryInfluence(
          labels,
          probabilities.filter((_, i) => i % 2 === 1),
        );
      }),
    );
  return compareInfluences(influence(a), influence(b), { labels, confidence });
}

function callsOfFinding(a: PreparedFindings, b: PreparedFindings, finding: number): McNemarResult {
  const [ofA, ofB] = [a, b].map(({ each }) => each[finding].samples);
  return mcnemarTest(ofA.labels, ofA.predicted, ofB.predicted);
}

/** Holm's adjusted p values over the findings. */
function adjust(
  tests: readonly Omit<FindingComparison, 'aucAdjusted' | 'accuracyAdjusted'>[],
): FindingComparison[] {
  const aucs = holm(tests.map(({ auc }) => auc.pValue));
  const accuracies = holm(tests.map(({ accuracy }) => accuracy?.midPValue ?? null));
  return tests.map((test, f) => ({
    ...test,
    aucAdjusted: aucs[f],
    accuracyAdjusted: accuracies[f],
  }));
}
