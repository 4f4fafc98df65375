import type { TaskPredictions } from '@nonlocal-med/core';
import type { DecisionReport, TaskReport } from '@nonlocal-med/metrics';
import type { RunMetrics, RunRecord, WeightsChoice } from '@nonlocal-med/runs';
import type { ExperimentSummary } from '../statistics/experimentSummary.js';
import { listOf } from '../statistics/resultCautions.js';
import type { SeriesStyle } from './figure/seriesStyle.js';

/** A model on the page with its tested repeats. */
export interface PageModel {
  readonly key: string;
  readonly title: string;
  /** Line style of the model in every figure. */
  readonly style: SeriesStyle;
  /** Key of the model that it is compared with; null for a baseline. */
  readonly baseline: string | null;
  /** At least one. */
  readonly runs: readonly PageRun[];
}

/** A tested run. */
export interface PageRun extends RunRecord {
  readonly metrics: RunMetrics;
  readonly predictions: {
    readonly last: TaskPredictions;
    readonly selected: TaskPredictions | null;
  };
  /** Its folder as commands on the page name it. */
  readonly displayPath: string;
  /** From 0. */
  readonly repeat: number;
}

/** A run's predictions and metrics for one choice of weights. */
export interface RunResults {
  readonly predictions: TaskPredictions;
  readonly report: TaskReport;
}

/** The results of the requested weights; those of the last epoch for a run that has no best checkpoint. */
export function resultsWith({ predictions, metrics }: PageRun, weights: WeightsChoice): RunResults {
  const { selected } = metrics;
  return weights === 'selected' && selected !== undefined && predictions.selected !== null
    ? { predictions: predictions.selected, report: selected }
    : { predictions: predictions.last, report: metrics.last };
}

/** Whether the models of a page find several findings per image, rather than one of several classes. */
export function hasFindings(models: readonly PageModel[]): boolean {
  return models.some(({ runs }) => runs.some(({ metrics }) => 'findings' in metrics.last));
}

/** A run's operating points with these weights; with those of the last epoch where it has no best checkpoint. */
export const decisionWith = (
  { decision }: RunMetrics,
  weights: WeightsChoice,
): DecisionReport | undefined => decision?.[weights] ?? decision?.last;

/** Whether a run recorded the patients (groups) of its test images, which are then resampled as a whole. */
export function hasPatients(models: readonly PageModel[]): boolean {
  return models.some(({ runs }) =>
    runs.some(({ predictions }) => predictions.last.groups !== undefined),
  );
}

/** What is resampled, for a sentence: `test patients`, `test images`, or both with the models of the latter. */
export function resampledUnits(models: readonly PageModel[]): string {
  const overImages = models.filter((model) => !hasPatients([model]));
  if (overImages.length === models.length) return 'test images';
  const exception =
    overImages.length === 0
      ? ''
      : ` (test images for ${listOf(overImages.map(({ title }) => title))})`;
  return `test patients${exception}`;
}

/** The statistics of the page's experiment, for each choice of weights that it offers. */
export type PageSummaries = Readonly<Partial<Record<WeightsChoice, ExperimentSummary>>>;
