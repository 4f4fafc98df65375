import { InputError, throwIssues } from '@nonlocal-med/core';
import { comparePredictions, holm } from '@nonlocal-med/metrics';
import type { RunRecord, WeightsChoice } from '@nonlocal-med/runs';
import { everyMetric } from '../summary/everyMetric.js';
import { summaryMetrics } from '../summary/summaryMetrics.js';
import { comparisonPValue } from '../tables/comparisonPValue.js';
import type { RunsComparison } from './runsComparison.js';
import { shortNames } from './shortNames.js';

/** Which weights are compared, and how differences are resampled. */
export interface RunsComparisonOptions {
  /** Default: the chosen epoch's where every run has one, else the last. */
  readonly weights?: WeightsChoice;
  /** Default 2000. */
  readonly resamples?: number;
  /** Of the resamples; default 0. */
  readonly seed?: number;
}

/**
 * Compares tested runs with the first of them on their common test images: paired bootstrap, DeLong's and McNemar's
 * tests, corrected for the number of runs. It speaks of chance in the choice of test images, not in training.
 * @throws InputError when there are fewer than two runs, one is not tested (all are listed), or they were tested on
 * different images.
 */
export function compareRunRecords(
  runs: readonly RunRecord[],
  { weights = defaultWeights(runs), resamples, seed }: RunsComparisonOptions = {},
): RunsComparison {
  if (runs.length < 2)
    throw new InputError({
      path: 'compare',
      message: `got ${runs.length} ${runs.length === 1 ? 'run' : 'runs'}`,
      hint: 'two or more runs, or the folder of an experiment',
    });
  throwIssues(runs.flatMap((run) => untested(run, weights)));
  throwIssues(runs.slice(1).flatMap((run) => otherImages(run, runs[0], weights)));
  const names = shortNames(runs.map(({ path }) => path));
  const [baseline, ...others] = runs.map(({ predictions }) => predictions[weights]!);
  const metrics = summaryMetrics.map(({ name }) => name);
  const comparisons = others.map((predictions) =>
    comparePredictions(predictions, baseline, { metrics, resamples, seed }),
  );
  const pValues = everyMetric((metric) =>
    comparisons.map((comparison) => comparisonPValue(comparison, metric)),
  );
  const adjusted = everyMetric((metric) => holm(pValues[metric]));
  return {
    weights,
    runs: runs.map(({ path, metrics: recorded }, i) => ({
      name: names[i],
      path,
      report: recorded![weights]!,
    })),
    differences: comparisons.map((comparison, i) => ({
      run: names[i + 1],
      comparison,
      pValues: everyMetric((metric) => ({
        pValue: pValues[metric][i],
        adjusted: adjusted[metric][i],
      })),
    })),
  };
}

function defaultWeights(runs: readonly RunRecord[]): WeightsChoice {
  return runs.every(({ predictions }) => predictions.selected !== null) ? 'selected' : 'last';
}

function untested(
  { path, metrics, predictions, missing }: RunRecord,
  weights: WeightsChoice,
): { path: string; message: string; hint: string }[] {
  if (metrics === null || predictions.last === null)
    return [
      {
        path: path,
        message: `the run is not tested yet: ${missing.join('; ')}`,
        hint: 'a run that has been trained to its end',
      },
    ];
  if (metrics[weights] !== undefined && predictions[weights] !== null) return [];
  return [
    {
      path: path,
      message: 'the run has no chosen epoch, since it has no validation side',
      hint: '--weights last',
    },
  ];
}

function otherImages(
  { path, predictions }: RunRecord,
  baseline: RunRecord,
  weights: WeightsChoice,
): { path: string; message: string; hint: string }[] {
  const expected = new Set(baseline.predictions[weights]!.ids);
  const { ids } = predictions[weights]!;
  const common = ids.filter((id) => expected.has(id)).length;
  if (common === ids.length && common === expected.size) return [];
  return [
    {
      path: path,
      message: `was tested on ${ids.length} images, of which ${common} are among the ${expected.size} of ${baseline.path}`,
      hint: 'runs on the same images with the same split',
    },
  ];
}
