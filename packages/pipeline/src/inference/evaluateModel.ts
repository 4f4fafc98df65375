import { withoutNormalization } from '@nonlocal-med/classifier';
import type { TaskPredictions } from '@nonlocal-med/core';
import {
  createLoader,
  type DataOptions,
  describeLikelyGroups,
  type LoaderSample,
  openDataset,
} from '@nonlocal-med/data';
import {
  applyCalibration,
  type DecidedPredictions,
  decidePredictions,
  type DecisionReport,
  type SubgroupRule,
  type SubgroupsReport,
  type TaskReport,
  testDecision,
} from '@nonlocal-med/metrics';
import { hasOrderedClasses, knowsPatients } from '../data/runData.js';
import type { DecisionRequest } from '../decision/decideRun.js';
import { openDecision } from '../decision/openDecision.js';
import type { ProgressListener } from '../run/progressListener.js';
import { reportSubgroups, withRuleAttributes } from '../run/subgroups.js';
import { reportTest, withAttributes, withGroups } from '../run/testRun.js';
import { excludeSeen, type SeenReport } from '../seen/excludeSeen.js';
import { openSeenImages } from '../seen/seenImages.js';
import { sampleStatistics } from '../unlike/recordStatistics.js';
import { openUnlikeCheck, reportUnlike, type UnlikeReport } from '../unlike/unlikeImages.js';
import { matchSamples } from './matchSamples.js';
import type { ExportedModel } from './openExportedModel.js';
import type { PredictOptions } from './predictImages.js';
import { predictViews, type ViewPredictions } from './predictViews.js';
import { testedPart } from './testedPart.js';
import { requireViews, type TestTimeAugmentation } from './testTimeAugmentation.js';

/** Result of an exported model on the images of a data set that it has not seen. */
export interface ModelEvaluation {
  /** With the groups (patients) of the images, if they are known. */
  readonly predictions: TaskPredictions;
  /** Without test-time augmentation; the same as `predictions` if there is none. */
  readonly single: TaskPredictions;
  /** With an interval of every metric; patients are resampled as a whole if the data set has groups. */
  readonly report: TaskReport;
  /** Results by group of images, if they were requested. */
  readonly subgroups?: SubgroupsReport;
  /** What the operating points of the model achieve; null if it has none. */
  readonly decision: DecisionReport | null;
  /** What is decided about each image at these operating points; null if there are none. */
  readonly decided: DecidedPredictions | null;
  /** Whether the classes are grades with an order. */
  readonly ordered: boolean;
  /** Whether groups of images are patients, rather than copies of an image. */
  readonly patientsKnown: boolean;
  /** Which images the model has seen, and whether they were left out. */
  readonly seen: SeenReport;
  /** Which of the tested images are unlike those that the model was trained on. */
  readonly unlike: UnlikeReport;
}

/** How {@link evaluateModel} treats seen images, and how it is followed and stopped. */
export interface EvaluateModelOptions extends ProgressListener {
  /** Test images that the model was trained or selected on, too. Default: false. */
  readonly includeSeen?: boolean;
  /** Report the results by group of images, too. */
  readonly by?: readonly SubgroupRule[];
  /** Other operating points than those of the model, or calibrated probabilities. */
  readonly decision?: DecisionRequest;
  /** Seed of the bootstrap; default: 0. */
  readonly seed?: number;
  /** Average the predictions over views of each image; default: the image itself only. */
  readonly tta?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
}

/**
 * Evaluates an exported model on the images of a data set, or on the test set of a split that is given with it, whose classes or findings are matched to those of the model by name. The
 * data set may lack some of them. Images that the model was trained or selected on, and near duplicates of them,
 * are left out unless `includeSeen` is set.
 * @throws InputError if the data set has problems, has another task or a class that the model does not know, or has only seen images.
 */
export async function evaluateModel(
  model: ExportedModel,
  data: DataOptions,
  {
    includeSeen,
    decision: request,
    by,
    seed = 0,
    tta,
    signal,
    onNote,
    onImages,
  }: EvaluateModelOptions = {},
): Promise<ModelEvaluation> {
  requireViews(tta, model.preprocessing.size, model.folder);
  const decision = await openDecision(model, request);
  const dataset = await openDataset({
    ...withRuleAttributes(data, by),
    allowLeaks: true, // Between other parts of that data set's split, they mean nothing for this model.
    allowMissingClasses: true,
    signal,
    modelValues: model.preprocessing.values,
    onProgress: (done, total) => onImages?.('checking images', done, total),
  });
  for (const note of [...dataset.privateNotes, ...dataset.notes]) onNote?.(note);
  const tested = testedPart(dataset, onNote);
  if (dataset.likelyGroups !== undefined) {
    const { message, option } = describeLikelyGroups(dataset.likelyGroups, {
      images: dataset.samples.length,
      isTest: true,
    });
    onNote?.(`${message} ${option}`);
  }
  const labeled = matchSamples(tested, model, { path: data.path, onNote });
  const seenImages = await openSeenImages(model.folder, { signal, onImages });
  const { samples, report: seen } = await excludeSeen(labeled, seenImages, {
    path: data.path,
    includeSeen,
    signal,
    onProgress: (done, total) => onImages?.('looking for seen images', done, total),
  });
  const { mean: given, single } = await predictSamples(model, samples, {
    tta,
    signal,
    onProgress: (done, total) => onImages?.('testing', done, total),
  });
  const predicted =
    request?.calibrated === true && decision !== null
      ? applyCalibration(given, decision.calibration)
      : given;
  const predictions = withGroups(withAttributes(predicted, samples), samples);
  return {
    predictions,
    single: withGroups(single, samples),
    report: reportTest(predictions, samples, seed),
    decision: decision && testDecision(withGroups(given, samples), decision, { seed }),
    decided: decision && decidePredictions(given, decision),
    ...(by === undefined ? {} : { subgroups: reportSubgroups(predictions, samples, { by, seed }) }),
    ordered: hasOrderedClasses(data, { ...dataset, classes: model.labels }),
    patientsKnown: knowsPatients(dataset.samples),
    seen,
    unlike: await findUnlike(model, samples, { signal, onImages }),
  };
}

/** Compares samples with the training images of a model, for which they are read again. */
async function findUnlike(
  { folder, labels, preprocessing }: ExportedModel,
  samples: readonly LoaderSample[],
  { signal, onImages }: Pick<EvaluateModelOptions, 'signal' | 'onImages'>,
): Promise<UnlikeReport> {
  const check = await openUnlikeCheck(folder);
  if (check === null) return reportUnlike(undefined);
  const statistics = await sampleStatistics(samples, {
    classes: labels,
    preprocessing,
    signal,
    onProgress: (done, total) => onImages?.('describing images', done, total),
  });
  return reportUnlike(samples.map(({ id }, index) => ({ id, ...check(statistics[index]) })));
}

/** Probabilities of the classes or findings for samples of a data set, preprocessed as the model requires. */
export async function predictSamples(
  model: ExportedModel,
  samples: readonly LoaderSample[],
  { batchSize = 8, workers, tta, signal, onProgress }: PredictOptions = {},
): Promise<ViewPredictions> {
  const loader = createLoader(samples, {
    classes: model.labels,
    preprocessing: withoutNormalization(model.preprocessing),
    batchSize,
    workers,
    cacheMegabytes: 0,
    signal,
  });
  try {
    return await predictViews(model.logits, loader, {
      tta,
      graph: true,
      precision: model.precision,
      signal,
      onProgress: ({ done, total }) => onProgress?.(done, total),
    });
  } finally {
    await loader.close();
  }
}
