import { count as countOf } from '@nonlocal-med/core';
import type { ScoredSamples } from '../sample/scoredSamples.js';
import type { ClassMetricName, MetricName } from './metricCatalog.js';

/** How often each class is the truth and how often it is predicted. */
export interface SampleFacts {
  readonly count: number;
  readonly classes: readonly string[];
  /** Samples of each class, [classes]. */
  readonly support: readonly number[];
  /** Predictions of each class, [classes]. */
  readonly predicted: readonly number[];
  /** Groups (patients) with a sample of each class, [classes]; absent if samples have no groups. */
  readonly groups?: readonly number[];
}

/**
 * Counts truth and predictions by class.
 * @param groups group of each sample, [count]
 */
export function sampleFacts(
  { count, labels, predicted }: ScoredSamples,
  classes: readonly string[],
  groups?: readonly string[],
): SampleFacts {
  const frequencies = (values: Int32Array): number[] =>
    classes.map((_, c) => values.reduce((sum, value) => sum + (value === c ? 1 : 0), 0));
  return {
    count,
    classes,
    support: frequencies(labels),
    predicted: frequencies(predicted),
    ...(groups === undefined
      ? {}
      : { groups: classes.map((_, c) => new Set(groups.filter((__, i) => labels[i] === c)).size) }),
  };
}

/** Sentences on what a reader of the metrics should know about the samples. */
export function describeSamples(
  { count, classes, support, predicted }: SampleFacts,
  unlabeled: number,
): string[] {
  const namesOf = (includes: (classIndex: number) => boolean): string[] =>
    classes.filter((_, c) => includes(c)).map((name) => `"${name}"`);
  const notes: string[] = [];
  if (unlabeled > 0) notes.push(`Left out: ${countOf(unlabeled, 'sample')} without a known class.`);
  if (count === 0) return [...notes, 'No sample has a known class: nothing can be measured.'];
  const absent = namesOf((c) => support[c] === 0);
  const single = namesOf((c) => support[c] === 1);
  const unused = namesOf((c) => support[c] > 0 && predicted[c] === 0);
  const them = ({ length }: readonly string[]): string => (length === 1 ? 'it' : 'them');
  if (absent.length > 0)
    notes.push(
      `Absent from the samples: ${absent.join(', ')}. Means over classes of AUC, average precision and sensitivity leave ${them(absent)} out.`,
    );
  if (single.length > 0)
    notes.push(
      `Only a single sample: ${single.join(', ')}. Resampling cannot vary ${them(single)}; DeLong's variance is not defined.`,
    );
  if (unused.length > 0)
    notes.push(
      `Never predicted: ${unused.join(', ')}. The mean of precision leaves ${them(unused)} out; ${unused.length === 1 ? 'its' : 'their'} F1 is 0.`,
    );
  return notes;
}

const NO_SAMPLES = 'no sample has a known class';

/** Why a metric over all classes is null on these samples. */
export function undefinedReason(
  metric: MetricName,
  { count, classes, support, predicted }: SampleFacts,
): string {
  if (count === 0) return NO_SAMPLES;
  const only = (frequencies: readonly number[]): string | undefined =>
    classes[frequencies.indexOf(count)];
  const truth = only(support);
  if (metric === 'averagePrecision') return `no sample of class "${classes[1]}" is present`;
  if (metric === 'matthews' && truth === undefined)
    return `every sample is predicted as class "${only(predicted)}"`;
  return `every sample is of class "${truth}"`;
}

/** Why a metric of one class is null on these samples. */
export function classUndefinedReason(
  metric: ClassMetricName,
  classIndex: number,
  { count, classes, support }: SampleFacts,
): string {
  const name = `"${classes[classIndex]}"`;
  if (count === 0) return NO_SAMPLES;
  if (metric === 'precision') return `class ${name} is never predicted`;
  if (metric === 'f1') return `class ${name} is neither present nor predicted`;
  return metric === 'specificity' || support[classIndex] === count
    ? `every sample is of class ${name}`
    : `class ${name} is absent`;
}
