import type { Predictions } from '@nonlocal-med/core';
import type { EvaluationReport } from '@nonlocal-med/metrics';
import type { WeightsChoice } from '@nonlocal-med/runs';
import type { PageRun } from './pageModel.js';

/** What one choice of weights gave; a run without a validation side has its last epoch only. */
export interface ChosenWeights {
  readonly weights: WeightsChoice;
  readonly epoch: number;
  readonly predictions: Predictions;
  readonly report: EvaluationReport;
}

/** A run's predictions and metrics with the weights that are shown. */
export function weightsOf(
  { predictions, metrics }: PageRun,
  weights: WeightsChoice,
): ChosenWeights {
  const { selected } = metrics;
  if (
    weights === 'selected' &&
    selected !== undefined &&
    predictions.selected !== null &&
    metrics.selectedEpoch !== null
  ) {
    return {
      weights,
      epoch: metrics.selectedEpoch,
      predictions: predictions.selected,
      report: selected,
    };
  }
  return {
    weights: 'last',
    epoch: metrics.lastEpoch,
    predictions: predictions.last,
    report: metrics.last,
  };
}
