import { argmaxRows, type Predictions } from '@nonlocal-med/core';
import { type AucInfluence, aucInfluence, meanInfluence } from '../delong/aucInfluence.js';
import { type AucComparison, compareInfluences } from '../delong/delongTest.js';
import { type McNemarResult, mcnemarTest } from '../hypothesis/mcnemarTest.js';
import { comparableModels } from '../input/alignPredictions.js';
import type { BootstrapOptions } from '../resampling/bootstrap.js';
import {
  type BootstrapComparison,
  pairedBootstrap,
  resampledAuc,
} from '../resampling/bootstrapDifference.js';
import { scoreSamples } from '../sample/scoredSamples.js';
import { comparisonWithoutProbabilities } from './decisionsOnly.js';
import { type MetricName, metricNames, metricOf } from './metricCatalog.js';

/** Which metrics are compared, and how they are resampled. */
export interface ComparisonOptions extends BootstrapOptions {
  /** Default: all. */
  readonly metrics?: readonly MetricName[];
}

/** Two models, or two sets of models, on the same test samples, as plain JSON. */
export interface PredictionComparison {
  /** Samples whose true class is known. */
  readonly samples: number;
  /** Number of models A, which are averaged. */
  readonly modelsA: number;
  /** Number of models B, which are averaged. */
  readonly modelsB: number;
  readonly confidence: number;
  /** Paired bootstrap of each metric. */
  readonly metrics: Readonly<Partial<Record<MetricName, BootstrapComparison>>>;
  /** Groups (patients) of the samples, which are resampled as a whole; null if every sample is independent. */
  readonly groups: number | null;
  /** DeLong's test of the macro AUC; with groups, the paired bootstrap over groups. */
  readonly auc: AucComparison;
  /** McNemar's test of the top-1 accuracy; null when A or B is several models, or samples have groups. */
  readonly accuracy: McNemarResult | null;
}

/**
 * Compares two models on the same test samples, matched by id: paired bootstrap for every metric, DeLong's test for the
 * AUC, McNemar's for the accuracy. Both tests take samples for independent, so with groups (patients) the bootstrap over
 * whole groups replaces them. A and B may each be several models (repeats on one split), which are averaged. The
 * intervals cover the choice of test samples; variation between training runs needs repeats and
 * `correctedResampledTest`.
 * @throws RangeError when an option is out of range
 * @throws InputError when predictions cannot be used, or the samples of the models differ
 */
export function comparePredictions(
  a: Predictions | readonly Predictions[],
  b: Predictions | readonly Predictions[],
  { metrics = metricNames, ...bootstrap }: ComparisonOptions = {},
): PredictionComparison {
  const modelsA = [a].flat().length;
  const models = comparableModels([a, b].flat());
  const alignedA = models.slice(0, modelsA);
  const alignedB = models.slice(modelsA);
  const { labels } = models[0];
  const groups = bootstrap.groups ?? models.find((model) => model.groups !== undefined)?.groups;
  const confidence = bootstrap.confidence ?? 0.95;
  const grouped = groups !== undefined;
  const resampled = grouped && !metrics.includes('auc') ? ([...metrics, 'auc'] as const) : metrics;
  const differences = pairedBootstrap(
    { a: alignedA, b: alignedB, metrics: resampled.map(metricOf) },
    { ...bootstrap, groups },
  );
  const comparison: PredictionComparison = {
    samples: labels.length,
    modelsA,
    modelsB: alignedB.length,
    confidence,
    metrics: Object.fromEntries(metrics.map((name, i) => [name, differences[i]])),
    groups: grouped ? new Set(groups).size : null,
    auc: grouped
      ? resampledAuc(differences[resampled.indexOf('auc')])
      : compareInfluences(
          meanInfluence(alignedA.map(influenceOf)),
          meanInfluence(alignedB.map(influenceOf)),
          { labels, confidence },
        ),
    accuracy:
      models.length === 2 && !grouped
        ? mcnemarTest(labels, predictedClasses(models[0]), predictedClasses(models[1]))
        : null,
  };
  const decides = (all: readonly Predictions[]): boolean =>
    all.some(({ decisionsOnly }) => decisionsOnly !== undefined);
  const only = { a: decides(alignedA), b: decides(alignedB) };
  return only.a || only.b ? comparisonWithoutProbabilities(comparison, only) : comparison;
}

function influenceOf({ labels, probabilities, classes }: Predictions): AucInfluence | null {
  return aucInfluence(scoreSamples(labels, probabilities, classes.length));
}

function predictedClasses({ probabilities, classes }: Predictions): Int32Array {
  return argmaxRows(probabilities, classes.length);
}
