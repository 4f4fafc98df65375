import { classCounts } from '../confusion/confusionMatrix.js';
import { type AucInterval, delongInterval } from '../delong/delongInterval.js';
import { wilsonInterval } from '../hypothesis/proportionInterval.js';
import type { Weighting } from '../sample/weighting.js';
import type { MetricInterval } from './evaluationReport.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** Interval by formula of a metric over all classes: Wilson's for the accuracy, DeLong's for the AUC, else none. */
export function formulaInterval(
  metric: MetricName,
  {
    weighting,
    delong,
    confidence,
  }: { readonly weighting: Weighting; readonly delong: AucInterval; readonly confidence: number },
): MetricInterval | undefined {
  if (metric === 'auc') return fromDelong(delong);
  if (metric !== 'accuracy') return undefined;
  const { classes, counts } = weighting.matrix();
  let correct = 0;
  for (let c = 0; c < classes; c++) correct += counts[c * classes + c];
  return wilson(correct, weighting.samples.count, confidence);
}

/** Interval by formula of one class's metric: Wilson's for proportions, DeLong's for the AUC, else none. */
export function classFormulaInterval(
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
      return classDelong(weighting, classIndex, confidence);
    case 'f1':
    case 'averagePrecision':
      return undefined;
  }
}

function wilson(successes: number, trials: number, confidence: number): MetricInterval | undefined {
  const interval = wilsonInterval(successes, trials, { confidence });
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
