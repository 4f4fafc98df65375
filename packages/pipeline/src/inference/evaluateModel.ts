import type { Predictions } from '@nonlocal-med/core';
import { type DataOptions, openDataset } from '@nonlocal-med/data';
import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';
import type { ProgressListener } from '../run/progressListener.js';
import type { ExportedModel } from './openExportedModel.js';
import { predictSamples } from './predictSamples.js';
import { relabelSamples } from './relabelSamples.js';

/** An exported model on all images of a data set. */
export interface ModelEvaluation {
  readonly predictions: Predictions;
  readonly report: EvaluationReport;
}

/**
 * Evaluates an exported model on a data set that has the model's classes (some may be absent; their order is free).
 * @throws InputError when the data set has a class that the model does not know, or is faulty.
 */
export async function evaluateModel(
  model: ExportedModel,
  data: DataOptions,
  { signal, onNote, onImages }: ProgressListener & { signal?: AbortSignal } = {},
): Promise<ModelEvaluation> {
  const dataset = await openDataset({
    ...data,
    signal,
    onProgress: (done, total) => onImages?.('checking images', done, total),
  });
  for (const note of dataset.notes) onNote?.(note);
  const samples = relabelSamples(dataset, model.labels, data.path);
  const predictions = await predictSamples(model, samples, {
    signal,
    onProgress: (done, total) => onImages?.('testing', done, total),
  });
  return { predictions, report: evaluatePredictions(predictions) };
}
