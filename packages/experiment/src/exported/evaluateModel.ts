import { InputError, type Predictions } from '@nonlocal-med/core';
import { openDataset, type DataOptions, type LoaderSample } from '@nonlocal-med/data';
import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';
import type { ProgressListener } from '../run/progressListener.js';
import type { ExportedModel } from './openExportedModel.js';
import { predictSamples } from './predictSamples.js';

/** An exported model on all images of a data set. */
export interface ModelEvaluation {
  readonly predictions: Predictions;
  readonly report: EvaluationReport;
}

/**
 * Evaluates an exported model on a data set that has the model's classes (some may be absent; their order is free).
 * @throws InputError when the data set has a class that the model does not know, or is faulty.
 */
export async function evaluateModel(model: ExportedModel, data: DataOptions, { signal, onNote, onImages }: ProgressListener & { signal?: AbortSignal } = {}): Promise<ModelEvaluation> {
  const dataset = await openDataset({ ...data, signal, onProgress: (done, total) => onImages?.('checking images', done, total) });
  for (const note of dataset.notes) onNote?.(note);
  const unknown = dataset.classes.filter((name) => !model.labels.includes(name));
  if (unknown.length > 0) throw new InputError({ where: data.path, what: `the model does not know the classes ${unknown.map((name) => `"${name}"`).join(', ')}`, allowed: `its classes: ${model.labels.join(', ')}; labelMap can rename` });
  const samples = dataset.samples.map((sample): LoaderSample => ({ ...sample, label: model.labels.indexOf(dataset.classes[sample.label]) }));
  const predictions = await predictSamples(model, samples, { signal, onProgress: (done, total) => onImages?.('testing', done, total) });
  return { predictions, report: evaluatePredictions(predictions) };
}
