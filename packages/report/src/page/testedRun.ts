import type { RunRecord } from '@nonlocal-med/runs';
import type { PageRun } from './pageModel.js';

/** A run as the page uses it, or null when it is not tested yet. */
export function testedRun(
  record: RunRecord,
  { repeat, place }: Pick<PageRun, 'repeat' | 'place'>,
): PageRun | null {
  const { metrics, predictions } = record;
  if (record.state !== 'finished' || metrics === null || predictions.last === null) return null;
  return {
    ...record,
    metrics,
    predictions: { last: predictions.last, selected: predictions.selected },
    repeat,
    place,
  };
}
