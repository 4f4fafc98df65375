import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import type { InputImage } from '@nonlocal-med/data';
import {
  type Decision,
  type DecisionReport,
  type TaskReport,
  testDecision,
} from '@nonlocal-med/metrics';
import { hasOrderedClasses } from '../data/runData.js';
import type { ProgressListener } from '../run/progressListener.js';
import { reportTest, withGroups } from '../run/testRun.js';
import { excludeSeen, type SeenReport } from '../seen/excludeSeen.js';
import { openSeenImages } from '../seen/seenImages.js';
import type { ExportedModel } from './openExportedModel.js';
import type { PredictedFile } from './predictImages.js';

/** An image that was predicted, with its name and true class. */
export interface LabeledPrediction extends PredictedFile, Pick<InputImage, 'id' | 'group'> {
  /** Index of the true class; -1 if it is not known. */
  readonly label: number;
  /** Probabilities before calibration; default: the same. */
  readonly given?: readonly number[];
  /** With a model of several findings: 1 present, 0 absent, -1 not known, for each of them. */
  readonly findings?: readonly number[];
}

/** Whether the true class, or any finding, is known. */
export const hasTruth = ({ label, findings }: LabeledPrediction): boolean =>
  findings === undefined ? label >= 0 : findings.some((value) => value >= 0);

/**
 * Finds the images that the model was trained or selected on among those that were predicted. None is excluded.
 * @param options rereadData: for a run of an earlier version, which recorded no images, read its data set again; this can
 * take long
 */
export async function findSeen(
  model: ExportedModel,
  predictions: readonly LabeledPrediction[],
  options: Pick<ProgressListener, 'onImages'> & {
    readonly rereadData: boolean;
    readonly signal?: AbortSignal;
  },
): Promise<SeenReport> {
  const seenImages = await openSeenImages(model.folder, options);
  const { report } = await excludeSeen(predictions, seenImages, {
    path: model.folder,
    includeSeen: true,
    onProgress: (done, total) => options.onImages?.('looking for seen images', done, total),
    signal: options.signal,
  });
  return { ...report, includeSeen: false };
}

/** The patients of images, if there are several of them; images of one patient alone cannot be resampled. */
const patientsOf = (images: readonly LabeledPrediction[]): readonly LabeledPrediction[] =>
  new Set(images.map(({ group }) => group)).size > 1 ? images : [];

/** How well a model predicted images whose classes or findings are known. */
export interface FileTest {
  readonly predictions: TaskPredictions;
  readonly report: TaskReport;
  /** What the operating points and the calibration of the model achieve; null if it has none. */
  readonly decision: DecisionReport | null;
  readonly ordered: boolean;
  /** About the images with labels: which the model has seen, and whether they were left out. */
  readonly seen: SeenReport;
}

/**
 * Tests predictions with labels as `evaluateModel` does: images that the model has seen are left out unless
 * `includeSeen` is set.
 * @param options seen: of {@link findSeen}; decision: of the model, which is tested, too
 * @throws InputError if no image with a label is left.
 */
export function testFiles(
  model: ExportedModel,
  predictions: readonly LabeledPrediction[],
  {
    seen,
    includeSeen,
    decision = null,
  }: {
    readonly seen: SeenReport;
    readonly includeSeen: boolean;
    readonly decision?: Decision | null;
  },
): FileTest {
  const labeled = predictions.filter(hasTruth);
  const ids = new Set(labeled.map(({ id }) => id));
  const known = seen.seen.filter(({ id }) => ids.has(id));
  const left = new Set(includeSeen ? [] : known.map(({ id }) => id));
  const tested = labeled.filter(({ id }) => !left.has(id));
  if (tested.length === 0)
    throw new InputError({
      path: 'labels',
      message: `the model has seen ${labeled.length === 1 ? 'the only image' : `all ${labeled.length} images`} with a label, so nothing can be said about its accuracy`,
      hint: 'images that the run has not used, or --include-seen',
    });
  const result = truthAndProbabilities(model, tested);
  return {
    predictions: result,
    report: reportTest(result, patientsOf(tested), 0),
    decision: decision && decideTested(model, tested, decision),
    ordered: hasOrderedClasses({}, { classes: model.labels, name: '' }),
    seen: {
      ...seen,
      images: labeled.length,
      excluded: left.size,
      includeSeen,
      seen: known,
    },
  };
}

/** Tests the decision of a model, which calibrates probabilities itself. */
function decideTested(
  model: ExportedModel,
  tested: readonly LabeledPrediction[],
  decision: Decision,
): DecisionReport {
  const uncalibrated = tested.map((image) => ({
    ...image,
    probabilities: image.given ?? image.probabilities,
  }));
  const predictions = truthAndProbabilities(model, uncalibrated);
  return testDecision(withGroups(predictions, patientsOf(tested)), decision, { seed: 0 });
}

function truthAndProbabilities(
  { task, labels: names }: ExportedModel,
  tested: readonly LabeledPrediction[],
): TaskPredictions {
  const ids = tested.map(({ id }) => id);
  const probabilities = Float64Array.from(tested.flatMap((image) => image.probabilities));
  if (task === 'multiclass')
    return {
      classes: names,
      ids,
      labels: Int32Array.from(tested, ({ label }) => label),
      probabilities,
    };
  const unknown = names.map(() => -1);
  const labels = Int32Array.from(tested.flatMap(({ findings }) => findings ?? unknown));
  return { findings: names, ids, labels, probabilities };
}
