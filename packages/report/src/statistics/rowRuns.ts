import type { TaskPredictions } from '@nonlocal-med/core';
import type { DecisionReport, TaskReport } from '@nonlocal-med/metrics';
import type {
  ExperimentRecord,
  ExperimentRow,
  ExperimentRunRecord,
  WeightsChoice,
} from '@nonlocal-med/runs';

/** A row with its results, one per repeat. */
export interface RowRuns {
  readonly row: ExperimentRow;
  readonly runs: readonly ExperimentRunRecord[];
  readonly repeats: readonly RepeatResult[];
}

/** The results of a row in one repeat, or the reason why there are none. */
export type RepeatResult =
  | {
      readonly report: TaskReport;
      readonly predictions: TaskPredictions;
      /** What was decided on the validation set, tested; null without one. */
      readonly decision?: DecisionReport | null;
      readonly trainCount: number;
      readonly testCount: number;
      readonly missingBecause?: undefined;
    }
  | { readonly report: null; readonly predictions?: undefined; readonly missingBecause: string };

/** Groups an experiment's runs by row and repeat, with the results of one choice of weights. */
export function rowRuns({ manifest, runs }: ExperimentRecord, weights: WeightsChoice): RowRuns[] {
  return manifest.rows.map((row) => {
    const ofRow = runs.filter((run) => run.row === row.key);
    const repeats = Array.from({ length: manifest.repeats.count }, (_, repeat) =>
      readResult(
        ofRow.find((run) => run.repeat === repeat),
        weights,
      ),
    );
    return { row, runs: ofRow, repeats };
  });
}

function readResult(record: ExperimentRunRecord | undefined, weights: WeightsChoice): RepeatResult {
  const missing = (missingBecause: string): RepeatResult => ({ report: null, missingBecause });
  if (record === undefined) return missing('not planned');
  const { run, state, reason } = record;
  if (state !== 'finished' || run === null) return missing(reason ?? state);
  const report = run.metrics?.[weights] ?? null;
  const predictions = run.predictions[weights];
  if (report === null || predictions === null)
    return missing(
      weights === 'selected'
        ? 'no best checkpoint: the run has no validation set'
        : 'no predictions',
    );
  const { images, decision } = run.metrics!;
  return {
    report,
    predictions,
    decision: decision?.[weights] ?? null,
    trainCount: images.train,
    testCount: report.samples,
  };
}
