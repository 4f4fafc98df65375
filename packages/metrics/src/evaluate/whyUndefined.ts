import type { ClassMetricName } from './classMetricCatalogue.js';
import type { MetricName } from './metricCatalogue.js';
import type { SampleFacts } from './sampleFacts.js';

const EMPTY = 'no sample has a known class';

/** Why a metric of all classes together is null on these samples. */
export function whyUndefined(
  metric: MetricName,
  { count, classes, support, predicted }: SampleFacts,
): string {
  if (count === 0) return EMPTY;
  const only = (counts: readonly number[]): string | undefined => classes[counts.indexOf(count)];
  const truth = only(support);
  if (metric === 'averagePrecision') return `no sample of class "${classes[1]}" is present`;
  if (metric === 'matthews' && truth === undefined)
    return `every sample is predicted as class "${only(predicted)}"`;
  return `every sample is of class "${truth}"`;
}

/** Why a metric of one class is null on these samples. */
export function whyClassUndefined(
  metric: ClassMetricName,
  classIndex: number,
  { count, classes, support }: SampleFacts,
): string {
  const name = `"${classes[classIndex]}"`;
  if (count === 0) return EMPTY;
  if (metric === 'precision') return `class ${name} is never predicted`;
  if (metric === 'f1') return `class ${name} is neither present nor predicted`;
  return metric === 'specificity' || support[classIndex] === count
    ? `every sample is of class ${name}`
    : `class ${name} is absent`;
}
