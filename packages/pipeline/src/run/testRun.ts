import { writeAtomic } from '@nonlocal-med/core/node';
import { exportModel } from '@nonlocal-med/models/node';
import { runFiles, type RunMetrics, type WeightsChoice } from '@nonlocal-med/runs';
import { kernelChoices } from '@nonlocal-med/tensor';
import type { OpenRun } from './completeRun.js';
import { evaluateSamples } from './evaluateSamples.js';
import { reportTest } from './reportTest.js';
import { restoreRunWeights } from './restoreRunWeights.js';

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
