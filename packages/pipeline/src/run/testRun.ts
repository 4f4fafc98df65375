import type { TaskPredictions } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { LoaderSample } from '@nonlocal-med/data';
import {
  decidePredictions,
  evaluateTask,
  pointsInUse,
  type TaskReport,
} from '@nonlocal-med/metrics';
import { modelMetadata } from '@nonlocal-med/models';
import { exportModel } from '@nonlocal-med/models/node';
import {
  type RunEnvironmentRecord,
  runFiles,
  type RunMetrics,
  type WeightsChoice,
  writeDecision,
  writeModelCard,
  writeSaltedRecord,
  writeTestDecisions,
  writeTrainingStatistics,
  writeValidationPredictions,
  writeViewPredictions,
} from '@nonlocal-med/runs';
import { kernelChoices } from '@nonlocal-med/tensor';
import { repeatPrecision } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader } from '../data/runData.js';
import { decideRun, type RunDecision } from '../decision/decideRun.js';
import { writePythonFiles } from '../export/pytorchFiles.js';
import { predictViews, type ViewPredictions } from '../inference/predictViews.js';
import { recordSelfTest } from '../inference/recordSelfTest.js';
import type { TestTimeAugmentation } from '../inference/testTimeAugmentation.js';
import { recordImages } from '../seen/imageRecord.js';
import { saltRecord } from '../seen/saltedRecord.js';
import { recordTrainingStatistics } from '../unlike/recordStatistics.js';
import type { OpenRun } from './completeRun.js';
import { recordedEnvironment } from './describeEnvironment.js';
import { restoreRunWeights } from './openTrainedRun.js';

/**
 * Evaluates a trained run on its test set, with the weights of the last epoch and, if there is a validation set, of the
 * best checkpoint. Chooses operating points on the validation set. Writes the predictions and what is decided about each
 * test image, exports the model with the best (else the last) weights and records the TensorFlow kernels used. `metrics.json` is written last: a run is complete once it exists.
 */
export async function testRun(open: OpenRun): Promise<RunMetrics> {
  const { run, config, data, model, signal, listener } = open;
  const { task, classes } = data.dataset;
  const { train, validation, test } = data.split;
  const evaluate = async (choice: WeightsChoice): Promise<WeightsResult | null> => {
    const restored = await restoreRunWeights(run, model, choice);
    if (restored === null) return null;
    const predictPart = async (
      samples: readonly LoaderSample[],
      stage: 'testing' | 'choosing operating points',
      tta?: TestTimeAugmentation,
    ): Promise<ViewPredictions> => {
      const onProgress = (done: number, total: number): void =>
        listener.onImages?.(stage, done, total);
      const options = { config, classes, tta, signal, onProgress };
      const { mean, single } = await evaluateViews(model, samples, options);
      return { mean, single: withGroups(single, samples) };
    };
    const { tta } = config.test;
    const tested = await predictPart(test, 'testing', tta);
    const predictions = withAttributes(tested.single, test);
    await run.writeTestPredictions(choice, predictions);
    if (tta !== undefined)
      await writeViewPredictions(run.path, { views: tta, weights: choice }, tested.mean);
    const result = { epoch: restored.epoch, report: reportTest(predictions, test, config.seed) };
    if (validation.length === 0) return result;
    const { single: validated } = await predictPart(validation, 'choosing operating points');
    await writeValidationPredictions(run.path, choice, validated);
    const decided = decideRun(config, { validation: validated, test: predictions });
    if (pointsInUse(decided.decision).length > 0)
      await writeTestDecisions(run.path, choice, decidePredictions(predictions, decided.decision));
    return { ...result, decided };
  };

  const last = await evaluate('last');
  if (last === null) throw new Error(`The run in ${run.path} has no checkpoint to test.`);
  const selected = await evaluate('selected');
  await exportModel(model, run.file(runFiles.model), {
    labels: [...classes],
    preprocessing: config.preprocessing,
  });
  const { decided } = selected ?? last;
  if (decided !== undefined) {
    const weights = selected === null ? 'last' : 'selected';
    const record = { version: 1, weights, classes, ...decided.decision } as const;
    for (const folder of [run.path, run.file(runFiles.model)]) await writeDecision(folder, record);
  }
  await writeSaltedRecord(run.file(runFiles.model), await saltRecord(recordImages(data)));
  const statistics = await recordTrainingStatistics(open);
  if (statistics !== null) await writeTrainingStatistics(run.file(runFiles.model), statistics);
  await writeAtomic(run.file(runFiles.kernels), `${JSON.stringify(kernelChoices(), null, 2)}\n`);
  await recordSelfTest(run.file(runFiles.model));
  const { model: name, options } = modelMetadata(model)!;
  await writePythonFiles(run.file(runFiles.model), {
    name,
    options,
    task: task ?? 'multiclass',
    labels: [...classes],
    preprocessing: config.preprocessing,
    decision: decided?.decision ?? null,
  });
  // The report has the form of the task.
  const metrics = {
    split: 'test',
    ...(task === 'multilabel' ? { task } : {}),
    classes,
    images: { train: train.length, validation: validation.length, test: test.length },
    lastEpoch: last.epoch,
    selectedEpoch: selected?.epoch ?? null,
    last: last.report,
    ...(selected === null ? {} : { selected: selected.report }),
    ...(decided === undefined
      ? {}
      : { decision: { last: last.decided?.report, selected: selected?.decided?.report } }),
  } as RunMetrics;
  const environment = recordedEnvironment(run) as RunEnvironmentRecord;
  await writeModelCard(run.file(runFiles.model), { config, environment, metrics });
  await run.writeMetrics(metrics);
  return metrics;
}

/** What a run's weights achieve, and what is decided with them if there is a validation set. */
interface WeightsResult {
  readonly epoch: number;
  readonly report: RunMetrics['last'];
  readonly decided?: RunDecision;
}

/** How samples are predicted. */
interface SampleOptions {
  readonly config: RunConfig;
  readonly classes: readonly string[];
  readonly tta?: TestTimeAugmentation;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Predictions of a run's model, with its current weights, for some samples: with test-time augmentation and without. */
export async function evaluateViews(
  model: LayersModel,
  samples: readonly LoaderSample[],
  { config, classes, tta, signal, onProgress }: SampleOptions,
): Promise<ViewPredictions> {
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  try {
    return await predictViews(model, loader, {
      tta,
      graph: config.engine.graph,
      precision: repeatPrecision(config.training.precision).precision,
      signal,
      onProgress: ({ done, total }) => onProgress?.(done, total),
    });
  } finally {
    await loader.close();
  }
}

/**
 * Predictions with the group (patient) of each image; the same if no sample has a group. An image without a group is a
 * group of its own.
 * @param samples those that were predicted, in any order
 */
export function withGroups<P extends TaskPredictions>(
  predictions: P,
  samples: readonly LoaderSample[],
): P {
  const groupOf = new Map(
    samples.flatMap(({ id, group }) =>
      group === undefined ? [] : [[id, `group ${group}`] as const],
    ),
  );
  if (groupOf.size === 0) return predictions;
  return {
    ...predictions,
    groups: predictions.ids.map((id) => groupOf.get(id) ?? `image ${id}`),
  };
}

/**
 * Predictions with what the data set says of each image besides its label (sex, scanner); the same if no sample has any of
 * it.
 * @param samples those that were predicted, in any order
 */
export function withAttributes<P extends TaskPredictions>(
  predictions: P,
  samples: readonly Pick<LoaderSample, 'id' | 'attributes'>[],
): P {
  const attributesOf = new Map(samples.map(({ id, attributes = {} }) => [id, attributes]));
  const names = new Set([...attributesOf.values()].flatMap(Object.keys));
  if (names.size === 0) return predictions;
  return {
    ...predictions,
    attributes: Object.fromEntries(
      [...names].map((name) => [
        name,
        predictions.ids.map((id) => attributesOf.get(id)?.[name] ?? ''),
      ]),
    ),
  };
}

/**
 * Metrics on the test set. If samples have groups (patients), the bootstrap resamples whole groups, because images of one
 * patient are not independent.
 * @param samples the test set, in any order
 */
export function reportTest(
  predictions: TaskPredictions,
  samples: readonly LoaderSample[],
  seed: number,
): TaskReport {
  return evaluateTask(withGroups(predictions, samples), { bootstrap: { seed } });
}
