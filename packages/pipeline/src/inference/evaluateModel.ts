import { type Dataset, InputError, type Predictions } from '@nonlocal-med/core';
import { type DataOptions, type LoaderSample, openDataset } from '@nonlocal-med/data';
import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';
import { hasOrderedClasses } from '../data/runData.js';
import type { ProgressListener } from '../run/progressListener.js';
import type { ExportedModel } from './openExportedModel.js';
import { predictSamples } from './predictImages.js';
import { testedPart } from './testedPart.js';

/** Result of an exported model on all images of a data set. */
export interface ModelEvaluation {
  readonly predictions: Predictions;
  readonly report: EvaluationReport;
  /** Whether the classes are grades with an order. */
  readonly ordered: boolean;
}

/**
 * Evaluates an exported model on all images of a data set, or on the test set of a split that is given with it, whose classes are matched to those of the model by name. The
 * data set may lack some of the classes.
 * @throws InputError if the data set has problems, or a class that the model does not know.
 */
export async function evaluateModel(
  model: ExportedModel,
  data: DataOptions,
  { signal, onNote, onImages }: ProgressListener & { signal?: AbortSignal } = {},
): Promise<ModelEvaluation> {
  const dataset = await openDataset({
    ...data,
    allowLeaks: true, // Between other parts of that data set's split, they mean nothing for this model.
    signal,
    modelValues: model.preprocessing.values,
    onProgress: (done, total) => onImages?.('checking images', done, total),
  });
  for (const note of dataset.notes) onNote?.(note);
  const tested = testedPart(dataset, onNote);
  const samples = relabelSamples(tested, model.labels, data.path);
  const predictions = await predictSamples(model, samples, {
    signal,
    onProgress: (done, total) => onImages?.('testing', done, total),
  });
  return {
    predictions,
    report: evaluatePredictions(predictions),
    ordered: hasOrderedClasses(data, { ...dataset, classes: model.labels }),
  };
}

/**
 * The samples of a data set with the label indices of a model. Classes are matched by name.
 * @param labels classes of the model
 * @param path of the data set, for errors
 * @throws InputError if the data set has a class that the model does not know.
 */
export function relabelSamples(
  { classes, samples }: Pick<Dataset, 'classes' | 'samples'>,
  labels: readonly string[],
  path: string,
): LoaderSample[] {
  const unknown = classes.filter((name) => !labels.includes(name));
  if (unknown.length > 0)
    throw new InputError({
      path,
      message: `the model does not know the classes ${unknown.map((name) => `"${name}"`).join(', ')}`,
      hint: `its classes: ${labels.join(', ')}; labelMap renames classes`,
    });
  return samples.map((sample): LoaderSample => ({
    ...sample,
    label: labels.indexOf(classes[sample.label]),
  }));
}
