import type { TaskPredictions } from '@nonlocal-med/core';
import { evaluateTask, pickRows } from '@nonlocal-med/metrics';
import type { RepeatResult } from './rowRuns.js';

/** The results of a row in a repeat that is finished. */
export type FinishedRepeat = Extract<RepeatResult, { readonly predictions: TaskPredictions }>;

/**
 * Two rows of one repeat on the test images that both have: predictions made elsewhere may lack some. Rows without other
 * images stay as they are.
 */
export function onCommonResults(
  a: FinishedRepeat,
  b: FinishedRepeat,
): [FinishedRepeat, FinishedRepeat] {
  return [restricted(a, b.predictions.ids), restricted(b, a.predictions.ids)];
}

function restricted(repeat: FinishedRepeat, ids: readonly string[]): FinishedRepeat {
  const { predictions } = repeat;
  const known = new Set(ids);
  const rows = [...predictions.ids.keys()].filter((i) => known.has(predictions.ids[i]));
  if (rows.length === predictions.ids.length) return repeat;
  const picked = pickRows(predictions, rows);
  const report = evaluateTask(picked);
  return { ...repeat, predictions: picked, report, testCount: report.samples };
}
