import { type AucInterval, delongInterval } from '../delong/delongInterval.js';
import { wilsonInterval } from '../hypothesis/proportionInterval.js';
import type { Weighting } from '../sample/weighting.js';
import type { MetricInterval } from './evaluationReport.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** What an interval by formula is computed from. */
interface FormulaOptions {
  readonly weighting: Weighting;
  readonly confidence: number;
  /** Patient of each sample, [count]: proportions then count patients, whose samples say little more than one of them. */
  readonly groups?: readonly string[];
}

/** Interval by formula of a metric over all classes: Wilson's for the accuracy, DeLong's for the AUC, else none. */
export function formulaInterval(
  metric: MetricName,
  { delong, ...options }: FormulaOptions & { readonly delong: AucInterval },
): MetricInterval | undefined {
  if (metric === 'auc') return fromDelong(delong);
  return metric === 'accuracy' ? wilson(options, { isTrial: () => true }) : undefined;
}

/** Interval by formula of one class's metric: Wilson's for proportions, DeLong's for the AUC, else none. */
export function classFormulaInterval(
  metric: ClassMetricName,
  classIndex: number,
  options: FormulaOptions,
): MetricInterval | undefined {
  const { labels, predicted } = options.weighting.samples;
  switch (metric) {
    case 'sensitivity':
      return wilson(options, { isTrial: (i) => labels[i] === classIndex });
    case 'specificity':
      return wilson(options, {
        isTrial: (i) => labels[i] !== classIndex,
        isSuccess: (i) => predicted[i] !== classIndex,
      });
    case 'precision':
      return wilson(options, { isTrial: (i) => predicted[i] === classIndex });
    case 'auc':
      return classDelong(options.weighting, classIndex, options.confidence);
    case 'f1':
    case 'averagePrecision':
      return undefined;
  }
}

/**
 * Wilson's interval of the share of some samples; with groups, as if each group were one sample.
 * @param isSuccess default: the prediction is correct
 */
function wilson(
  { weighting, confidence, groups }: FormulaOptions,
  {
    isTrial,
    isSuccess,
  }: {
    readonly isTrial: (sample: number) => boolean;
    readonly isSuccess?: (sample: number) => boolean;
  },
): MetricInterval | undefined {
  const { labels, predicted, count } = weighting.samples;
  const trials = Array.from({ length: count }, (_, i) => i).filter(isTrial);
  const successes = trials.filter(isSuccess ?? ((i) => predicted[i] === labels[i])).length;
  const units = groups === undefined ? trials.length : new Set(trials.map((i) => groups[i])).size;
  const scale = units === trials.length ? 1 : units / trials.length;
  const interval = wilsonInterval(successes * scale, units, { confidence });
  return interval === null
    ? undefined
    : { lower: interval.lower, upper: interval.upper, method: 'wilson' };
}

function classDelong(
  { samples: { labels, probabilities, classes } }: Weighting,
  classIndex: number,
  confidence: number,
): MetricInterval | undefined {
  const column = classes === 2 ? 1 : classIndex;
  return fromDelong(
    delongInterval(
      labels.map((label) => (label === column ? 1 : 0)),
      Array.from(labels, (_, i) => probabilities[i * classes + column]),
      { confidence },
    ),
  );
}

function fromDelong({ lower, upper }: AucInterval): MetricInterval | undefined {
  return lower === null || upper === null ? undefined : { lower, upper, method: 'delong-logit' };
}
