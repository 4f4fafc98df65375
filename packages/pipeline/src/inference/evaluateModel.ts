import { type Dataset, type Issue, type TaskPredictions, throwIssues } from '@nonlocal-med/core';
import {
  createLoader,
  type DataOptions,
  describeLikelyGroups,
  labelKey,
  type LoaderSample,
  openDataset,
} from '@nonlocal-med/data';
import {
  applyCalibration,
  type DecisionReport,
  type SubgroupRule,
  type SubgroupsReport,
  type TaskReport,
  testDecision,
} from '@nonlocal-med/metrics';
import { predict } from '@nonlocal-med/train';
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
import { type ExportedModel, withoutNormalization } from './openExportedModel.js';
import type { PredictOptions } from './predictImages.js';
import { testedPart } from './testedPart.js';

/** Result of an exported model on the images of a data set that it has not seen. */
export interface ModelEvaluation {
  readonly predictions: TaskPredictions;
  /** With an interval of every metric; patients are resampled as a whole if the data set has groups. */
  readonly report: TaskReport;
  /** Results by group of images, if they were requested. */
  readonly subgroups?: SubgroupsReport;
  /** What the operating points of the model achieve; null if it has none. */
  readonly decision: DecisionReport | null;
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
  readonly signal?: AbortSignal;
}

/**
 * Evaluates an exported model on the images of a data set, or on the test set of a split that is given with it, whose classes are matched to those of the model by name. The
 * data set may lack some of the classes. Images that the model was trained or selected on, and near duplicates of them,
 * are left out unless `includeSeen` is set.
 * @throws InputError if the data set has problems, has a class that the model does not know, or has only seen images.
 */
export async function evaluateModel(
  model: ExportedModel,
  data: DataOptions,
  {
    includeSeen,
    decision: request,
    by,
    seed = 0,
    signal,
    onNote,
    onImages,
  }: EvaluateModelOptions = {},
): Promise<ModelEvaluation> {
  const decision = await openDecision(model.folder, request);
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
  const labeled = relabelSamples(tested, model.labels, data.path);
  const seenImages = await openSeenImages(model.folder, { signal, onImages });
  const { samples, report: seen } = await excludeSeen(labeled, seenImages, {
    path: data.path,
    includeSeen,
    signal,
    onProgress: (done, total) => onImages?.('looking for seen images', done, total),
  });
  const given = await predictSamples(model, samples, {
    signal,
    onProgress: (done, total) => onImages?.('testing', done, total),
  });
  const predicted =
    request?.calibrated === true && decision !== null
      ? applyCalibration(given, decision.calibration)
      : given;
  const predictions = withAttributes(predicted, samples);
  return {
    predictions,
    report: reportTest(predictions, samples, seed),
    decision: decision && testDecision(withGroups(given, samples), decision, { seed }),
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

/** Class probabilities of samples of a data set, preprocessed as the model requires. */
export async function predictSamples(
  model: ExportedModel,
  samples: readonly LoaderSample[],
  { batchSize = 8, workers, signal, onProgress }: PredictOptions = {},
): Promise<TaskPredictions> {
  const loader = createLoader(samples, {
    classes: model.labels,
    preprocessing: withoutNormalization(model.preprocessing),
    batchSize,
    workers,
    cacheMegabytes: 0,
    signal,
  });
  try {
    return await predict(model.logits, loader, {
      graph: true,
      signal,
      onProgress: ({ done, total }) => onProgress?.(done, total),
    });
  } finally {
    await loader.close();
  }
}

/**
 * The samples of a data set with the label indices of a model. Classes are matched by what they say: the name itself, else
 * one that differs in spelling only, such as "0.0" for "0" and "TRUE" for "True" (`labelKey`).
 * @param labels classes of the model
 * @param path of the data set, for errors
 * @throws InputError if the data set has a class that the model does not know, or one that may be several of its classes.
 */
export function relabelSamples(
  { classes, samples }: Pick<Dataset, 'classes' | 'samples'>,
  labels: readonly string[],
  path: string,
): LoaderSample[] {
  const present = [...new Set(samples.map(({ label }) => classes[label]))];
  const matches = new Map(present.map((name) => [name, matchingLabels(name, labels)]));
  const unknown = present.filter((name) => matches.get(name)!.length === 0);
  const known = `its classes: ${labels.join(', ')}`;
  const issues: Issue[] = [];
  for (const [name, found] of matches)
    if (found.length > 1)
      issues.push({
        path,
        message: `the class "${name}" may be ${found.map((label) => `"${label}"`).join(' or ')} of the model`,
        hint: `${known}; labelMap says which, such as --label-map ${quoted(`${name}=${found[0]}`)}`,
      });
  for (const label of labels) {
    const names = present.filter((name) => matches.get(name)![0] === label);
    if (names.length > 1)
      issues.push({
        path,
        message: `its classes ${names.map((name) => `"${name}"`).join(' and ')} differ in spelling only, and the model has one class "${label}"`,
        hint: `--label-map ${quoted(names.map((name) => `${name}=${label}`).join(','))} joins them`,
      });
  }
  if (unknown.length > 0)
    issues.push({
      path,
      message: `the model does not know the ${unknown.length === 1 ? 'class' : 'classes'} ${unknown.map((name) => `"${name}"`).join(', ')}`,
      hint: `${known}; labelMap renames classes, such as --label-map ${exampleMap(unknown, labels)}`,
    });
  throwIssues(issues);
  return samples.map((sample): LoaderSample => ({
    ...sample,
    label: labels.indexOf(matches.get(classes[sample.label])![0]),
  }));
}

/** The class of that name, else those that say the same in another spelling. */
function matchingLabels(name: string, labels: readonly string[]): string[] {
  if (labels.includes(name)) return [name];
  const key = labelKey(name);
  return labels.filter((label) => labelKey(label) === key);
}

/** `a=A,b=B`: each unknown class with the one of the same name in another case, if all have one; else the first one. */
function exampleMap(unknown: readonly string[], labels: readonly string[]): string {
  const plain = (name: string): string => name.normalize('NFC').toLowerCase();
  const pairs = unknown.map((name) => [name, labels.find((label) => plain(label) === plain(name))]);
  const known = pairs.every(([, label]) => label !== undefined);
  const text = (known ? pairs : [[unknown[0], labels[0]]]).map((pair) => pair.join('=')).join(',');
  return quoted(text);
}

/** As a shell takes it. */
const quoted = (text: string): string => (/[^\w,=.-]/.test(text) ? `'${text}'` : text);
