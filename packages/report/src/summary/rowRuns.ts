import type { Predictions } from '@nonlocal-med/core';
import type { EvaluationReport } from '@nonlocal-med/metrics';
import type {
  ExperimentRecord,
  ExperimentRow,
  ExperimentRunRecord,
  WeightsChoice,
} from '@nonlocal-med/runs';

/** What a row has in one repeat. */
export type RepeatResult =
  | {
      readonly report: EvaluationReport;
      readonly predictions: Predictions;
      readonly trainCount: number;
      readonly testCount: number;
      readonly why?: undefined;
    }
  | { readonly report: null; readonly why: string };

/** A row with its repeats in order; a repeat without results says why. */
export interface RowRuns {
  readonly row: ExperimentRow;
  readonly runs: readonly ExperimentRunRecord[];
  readonly repeats: readonly RepeatResult[];
}

/** Sorts an experiment's runs into rows and repeats, with the results of the chosen weights. */
export function rowRuns({ manifest, runs }: ExperimentRecord, weights: WeightsChoice): RowRuns[] {
  return manifest.rows.map((row) => {
    const own = runs.filter((run) => run.row === row.key);
    const repeats = Array.from({ length: manifest.repeats.count }, (_, repeat) =>
      resultOf(
        own.find((run) => run.repeat === repeat),
        weights,
      ),
    );
    return { row, runs: own, repeats };
  });
}

function resultOf(record: ExperimentRunRecord | undefined, weights: WeightsChoice): RepeatResult {
  if (record === undefined) return { report: null, why: 'not planned' };
  const { run, state, reason } = record;
  if (state !== 'finished' || run === null) return { report: null, why: reason ?? state };
  const report = run.metrics?.[weights] ?? null;
  const predictions = run.predictions[weights];
  if (report === null || predictions === null)
    return {
      report: null,
      why:
        weights === 'selected'
          ? 'no chosen epoch, since the run has no validation side'
          : 'no predictions',
    };
  return { report, predictions, trainCount: run.metrics!.images.train, testCount: report.samples };
}
