import type { TaskPredictions } from '@nonlocal-med/core';
import { hashFile } from '@nonlocal-med/core/node';
import type { EngineInfo } from '@nonlocal-med/engine';
import {
  applyCalibration,
  type DecidedPredictions,
  decidePredictions,
  type DecisionReport,
  parseDecisionRule,
  type SubgroupRule,
  type SubgroupsReport,
  type TaskReport,
  testDecision,
} from '@nonlocal-med/metrics';
import { readRunMetrics, type WeightsChoice } from '@nonlocal-med/runs';
import type { Precision } from '@nonlocal-med/train';
import { requireDataPath } from '../data/requireDataPath.js';
import { hasOrderedClasses, openRunData, requireSameData } from '../data/runData.js';
import type { DecisionRequest } from '../decision/decideRun.js';
import { decideAgain } from '../decision/openDecision.js';
import type { ViewPredictions } from '../inference/predictViews.js';
import { requireViews, type TestTimeAugmentation } from '../inference/testTimeAugmentation.js';
import { testFacts } from './completeRun.js';
import { recordedEnvironment } from './describeEnvironment.js';
import { openTrainedRun, type OpenTrainedRunOptions } from './openTrainedRun.js';
import type { ProgressListener } from './progressListener.js';
import { reportSubgroups, withRuleAttributes } from './subgroups.js';
import { evaluateViews, reportTest, withAttributes, withGroups } from './testRun.js';

/** Which run to evaluate, and how to follow and stop it. */
export interface EvaluateRunOptions extends OpenTrainedRunOptions, ProgressListener {
  /** Report the results by group of images, too. */
  readonly by?: readonly SubgroupRule[];
  /** Average the predictions over views of each image; default: the image itself only, as in the run's own test. */
  readonly tta?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
  /** Operating points to choose on the validation set instead of those of the run; calibrated probabilities. */
  readonly decision?: DecisionRequest;
}

/** A second evaluation of a run on its test set. */
export interface RunEvaluation {
  readonly folder: string;
  readonly weights: WeightsChoice;
  readonly epoch: number;
  readonly engine: EngineInfo;
  /** Type in which convolutions and matrix products were computed. */
  readonly precision: Precision;
  /** The same in the training and the test of the run itself. */
  readonly trainedPrecision: Precision;
  /** SHA-256 of the file of the weights. */
  readonly weightsSha256: string;
  /** With the groups (patients) of the images, if they are known. */
  readonly predictions: TaskPredictions;
  /** Without test-time augmentation; the same as `predictions` if there is none. */
  readonly single: TaskPredictions;
  readonly report: TaskReport;
  /** Results by group of images, if they were requested. */
  readonly subgroups?: SubgroupsReport;
  /** Operating points and calibration; null if the run has no validation set, or did not record its predictions. */
  readonly decision: DecisionReport | null;
  /** What is decided about each image at these operating points; null if there are none. */
  readonly decided: DecidedPredictions | null;
  /** Whether the classes are grades with an order. */
  readonly ordered: boolean;
  /** Whether groups of images are patients, rather than copies of an image. */
  readonly patientsKnown: boolean;
  /** Whether a cross-validation on these images is possible: their split is not given. */
  readonly canFold: boolean;
  /** Observations on its data that make its results unreliable, as its folder records them. */
  readonly cautions: readonly string[];
  /** The report in the run's `metrics.json` for the same weights; null if there is none. */
  readonly recorded: TaskReport | null;
  /** Whether the report has exactly the numbers of the recorded one; null if none is recorded, or this is calibrated. */
  readonly reproduced: boolean | null;
}

/**
 * Evaluates a run on its test set. On the same machine and backend this reproduces the run's metrics exactly.
 * @throws InputError if the folder does not contain a trained run, or its images have changed.
 */
export async function evaluateRun({
  folder,
  weights: wanted,
  engine: backend,
  precision,
  by,
  tta,
  signal,
  decision: request,
  ...listener
}: EvaluateRunOptions): Promise<RunEvaluation> {
  const opened = await openTrainedRun({
    folder,
    weights: wanted,
    engine: backend,
    precision,
    onNote: listener.onNote,
  });
  const { run, config, engine, classes, model, weights, epoch, weightsFile } = opened;
  try {
    requireViews(tta, config.preprocessing.size, run.path);
    await requireDataPath(run, config);
    const requested = { ...config, data: withRuleAttributes(config.data, by) };
    const data = await openRunData(requested, {
      signal,
      onProgress: (done, total) => listener.onImages?.('checking images', done, total),
    });
    requireSameData(run, data);
    const predictPart = async (part: 'test' | 'validation'): Promise<ViewPredictions> => {
      const samples = data.split[part];
      const stage = part === 'test' ? 'testing' : 'choosing operating points';
      const onProgress = (done: number, total: number): void =>
        listener.onImages?.(stage, done, total);
      const views = await evaluateViews(model, samples, {
        config,
        classes,
        tta: part === 'test' ? tta : undefined,
        signal,
        onProgress,
      });
      return {
        mean: withGroups(views.mean, samples),
        single: withGroups(views.single, samples),
      };
    };
    const { operatingPoints, calibrated } = config.decision;
    const decision = await decideAgain(run.path, {
      weights,
      request,
      rules: operatingPoints?.map((text) => parseDecisionRule(text)),
      calibrated,
      predict:
        data.split.validation.length === 0
          ? null
          : async () => (await predictPart('validation')).single,
    });
    const { mean: tested, single } = await predictPart('test');
    const isCalibrated = request?.calibrated === true && decision !== null;
    const predicted = isCalibrated ? applyCalibration(tested, decision.calibration) : tested;
    const predictions = withAttributes(predicted, data.split.test);
    const report = reportTest(predictions, data.split.test, config.seed);
    const own = tta === undefined ? report : reportTest(single, data.split.test, config.seed);
    const recorded = (await readRunMetrics(run.path))?.[weights] ?? null;
    return {
      folder: run.path,
      weights,
      epoch,
      engine,
      precision: opened.precision,
      trainedPrecision: opened.trainedPrecision,
      weightsSha256: await hashFile(weightsFile),
      predictions,
      single,
      report,
      ...(by === undefined
        ? {}
        : { subgroups: reportSubgroups(predictions, data.split.test, { by, seed: config.seed }) }),
      decision: decision && testDecision(tested, decision, { seed: config.seed }),
      decided: decision && decidePredictions(tested, decision),
      ordered: hasOrderedClasses(config.data, data.dataset),
      ...testFacts(data),
      cautions: recordedEnvironment(run).data?.cautions ?? [],
      recorded,
      reproduced:
        recorded === null || isCalibrated ? null : withoutTexts(own) === withoutTexts(recorded),
    };
  } finally {
    model.dispose();
  }
}

/** A report as JSON without its sentences, whose wording differs between versions. */
function withoutTexts(report: TaskReport): string {
  const texts = ['undefinedBecause', 'noIntervalBecause', 'notes'];
  // numbers of groups per class are facts of the data set, which runs of earlier versions did not record
  return JSON.stringify(report, (key, value: unknown) =>
    key === 'groups' ? undefined : texts.includes(key) ? '' : value,
  );
}
