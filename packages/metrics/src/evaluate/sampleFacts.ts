import type { ScoredSamples } from '../sample/scoredSamples.js';

/** How often each class is the truth and how often it is predicted. */
export interface SampleFacts {
  readonly count: number;
  readonly classes: readonly string[];
  readonly support: readonly number[];
  readonly predicted: readonly number[];
}

/** Counts truth and predictions by class. */
export function sampleFacts(
  { count, labels, predicted }: ScoredSamples,
  classes: readonly string[],
): SampleFacts {
  const tally = (values: Int32Array): number[] =>
    classes.map((_, c) => values.reduce((sum, value) => sum + (value === c ? 1 : 0), 0));
  return { count, classes, support: tally(labels), predicted: tally(predicted) };
}
