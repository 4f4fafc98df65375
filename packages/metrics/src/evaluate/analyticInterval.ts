import { classCounts } from '../confusion/confusionMatrix.js';
import { delongInterval } from '../delong/delongInterval.js';
import { wilsonInterval } from '../hypothesis/proportionInterval.js';
import type { Weighting } from '../sample/weighting.js';
import type { MetricInterval } from './evaluationReport.js';
import type { ClassMetricName } from './metricCatalog.js';

/** Interval of one class's metric by formula: Wilson for proportions, DeLong for the AUC, none for the others. */
export function analyticInterval(
  metric: ClassMetricName,
  classIndex: number,
  { weighting, confidence }: { readonly weighting: Weighting; readonly confidence: number },
): MetricInterval | undefined {
  const { truePositives, falseNegatives, falsePositives, trueNegatives } = classCounts(
    weighting.matrix(),
    classIndex,
  );
  switch (metric) {
    case 'sensitivity':
      return wilson(truePositives, truePositives + falseNegatives, confidence);
    case 'specificity':
      return wilson(trueNegatives, trueNegatives + falsePositives, confidence);
    case 'precision':
      return wilson(truePositives, truePositives + falsePositives, confidence);
    case 'auc':
      return delong(weighting, classIndex, confidence);
    case 'f1':
    case 'averagePrecision':
      return undefined;
  }
}

/** Wilson's interval as a report holds it; none without trials. */
export function wilson(
  successes: number,
  trials: number,
  confidence: number,
): MetricInterval | undefined {
  const interval = wilsonInterval(successes, trials, { confidence });
  return interval === null
    ? undefined
    : { lower: interval.lower, upper: interval.upper, method: 'wilson' };
}

function delong(
  { samples: { labels, probabilities, classes } }: Weighting,
  classIndex: number,
  confidence: number,
): MetricInterval | undefined {
  const column = classes === 2 ? 1 : classIndex;
  const { lower, upper } = delongInterval(
    labels.map((label) => (label === column ? 1 : 0)),
    Array.from(labels, (_, i) => probabilities[i * classes + column]),
    { confidence },
  );
  return lower === null || upper === null ? undefined : { lower, upper, method: 'delong-logit' };
}
