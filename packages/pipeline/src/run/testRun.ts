import type { Predictions } from '@nonlocal-med/core';
import { writeAtomic } from '@nonlocal-med/core/node';
import type { LoaderSample } from '@nonlocal-med/data';
import { evaluatePredictions, type EvaluationReport } from '@nonlocal-med/metrics';
import { exportModel } from '@nonlocal-med/models/node';
import { runFiles, type RunMetrics, type WeightsChoice } from '@nonlocal-med/runs';
import { kernelChoices } from '@nonlocal-med/tensor';
import { predict } from '@nonlocal-med/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { RunConfig } from '../config/runConfigSchema.js';
import { createRunLoader } from '../data/runData.js';
import type { OpenRun } from './completeRun.js';
import { restoreRunWeights } from './openTrainedRun.js';

/**
 * Tests a trained run with the weights of its last epoch and, where there is a validation side, of the epoch chosen on
 * it; both are kept and labelled. Exports the chosen ones, and keeps which of TensorFlow's kernels computed all of it.
 * `metrics.json` is written last: with it a run is complete.
 */
export async function testRun({
  run,
  config,
  data,
  model,
  signal,
  listener,
}: OpenRun): Promise<RunMetrics> {
  const { classes } = data.dataset;
  const { train, validation, test } = data.split;
  const evaluate = async (
    choice: WeightsChoice,
  ): Promise<{ epoch: number; report: RunMetrics['last'] } | null> => {
    const restored = await restoreRunWeights(run, model, choice);
    if (restored === null) return null;
    const predictions = await evaluateSamples(model, test, {
      config,
      classes,
      signal,
      onProgress: (done, total) => listener.onImages?.('testing', done, total),
    });
    await run.writeTestPredictions(choice, predictions);
    return { epoch: restored.epoch, report: reportTest(predictions, test, config.seed) };
  };
  const last = await evaluate('last');
  if (last === null) throw new Error(`The run in ${run.path} has no checkpoint to test.`);
  const selected = await evaluate('selected');
  await exportModel(model, run.file(runFiles.model), {
    labels: [...classes],
    preprocessing: config.preprocessing,
  });
  const metrics: RunMetrics = {
    split: 'test',
    classes,
    images: { train: train.length, validation: validation.length, test: test.length },
    lastEpoch: last.epoch,
    selectedEpoch: selected?.epoch ?? null,
    last: last.report,
    ...(selected === null ? {} : { selected: selected.report }),
  };
  await writeAtomic(run.file(runFiles.kernels), `${JSON.stringify(kernelChoices(), null, 2)}\n`);
  await run.writeMetrics(metrics);
  return metrics;
}

/** What a run's model, with the weights it has now, says of some samples. */
export async function evaluateSamples(
  model: LayersModel,
  samples: readonly LoaderSample[],
  {
    config,
    classes,
    signal,
    onProgress,
  }: {
    config: RunConfig;
    classes: readonly string[];
    signal?: AbortSignal;
    onProgress?: (done: number, total: number) => void;
  },
): Promise<Predictions> {
  const loader = createRunLoader(samples, config, { classes, training: false, signal });
  try {
    return await predict(model, loader, {
      graph: config.engine.graph,
      signal,
      onProgress: ({ done, total }) => onProgress?.(done, total),
    });
  } finally {
    await loader.close();
  }
}

/**
 * The metrics of a run's test side. Where samples have groups (patients), intervals come from resamples of whole groups:
 * two eyes of a patient say less than two patients.
 * @param samples of the test side, in any order
 */
export function reportTest(
  predictions: Predictions,
  samples: readonly LoaderSample[],
  seed: number,
): EvaluationReport {
  const groupOf = new Map(
    samples.flatMap(({ id, group }) =>
      group === undefined ? [] : [[id, `group ${group}`] as const],
    ),
  );
  const groups =
    groupOf.size === 0 ? undefined : predictions.ids.map((id) => groupOf.get(id) ?? `image ${id}`);
  return evaluatePredictions(predictions, {
    bootstrap: { seed, ...(groups === undefined ? {} : { groups }) },
  });
}
