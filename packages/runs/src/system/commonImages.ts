import { InputError, type TaskPredictions } from '@nonlocal-med/core';
import { evaluateTask, pickRows, type TaskReport } from '@nonlocal-med/metrics';
import type { RunRecord } from '../run/readRun.js';
import type { RunMetrics } from '../run/runMetrics.js';

/**
 * Tested runs with the results on the test images that all of them have. Runs without other images stay as they are.
 * @throws InputError if they have no test image in common
 */
export function onCommonImages(runs: readonly RunRecord[]): RunRecord[] {
  const sets = runs.map(({ predictions }) => new Set(predictions.last!.ids));
  const common = runs[0].predictions.last!.ids.filter((id) => sets.every((set) => set.has(id)));
  if (common.length === 0)
    throw new InputError({
      path: runs.map(({ name }) => name).join(', '),
      message: 'have no test image in common',
      hint: 'results on the same images',
    });
  return runs.map((run) => onImages(run, new Set(common)));
}

/** A tested run with the results on some of its test images. */
export function onImages(run: RunRecord, ids: ReadonlySet<string>): RunRecord {
  const { last, selected } = run.predictions;
  if (last!.ids.every((id) => ids.has(id))) return run;
  const pick = (predictions: TaskPredictions): TaskPredictions =>
    pickRows(
      predictions,
      [...predictions.ids.keys()].filter((i) => ids.has(predictions.ids[i])),
    );
  const picked = { last: pick(last!), selected: selected === null ? null : pick(selected) };
  const report = (predictions: TaskPredictions): TaskReport =>
    evaluateTask(predictions, { bootstrap: { seed: 0 } });
  const metrics = run.metrics!;
  return {
    ...run,
    predictions: picked,
    metrics: {
      ...metrics,
      images: { ...metrics.images, test: picked.last.ids.length },
      last: report(picked.last),
      ...(picked.selected === null ? {} : { selected: report(picked.selected) }),
    } as RunMetrics, // the report has the form of the task
  };
}
