import type { TaskPredictions } from '@nonlocal-med/core';
import {
  classesAreOrdered,
  evaluateTask,
  type Reader,
  reportNames,
  type TaskReport,
} from '@nonlocal-med/metrics';
import type { RunRecord } from '../run/readRun.js';
import type { RunMetrics } from '../run/runMetrics.js';

/** Where predictions come from that are not those of one trained run. */
export interface SystemRecord {
  /**
   * `file`: made elsewhere and read from files. `ensemble`: the mean of the probabilities of several runs. `views`: of one
   * run over several views of each image.
   */
  readonly kind: 'file' | 'ensemble' | 'views';
  /** The files, with the SHA-256 of their contents; or the folders of the runs. */
  readonly sources: readonly { readonly path: string; readonly sha256?: string }[];
  /** The readers of a reader study; empty for probabilities. */
  readonly readers: readonly Reader[];
  /** Test images without a prediction. */
  readonly missing: number;
  /** Images of the files that are not test images. */
  readonly additional: number;
  /** How the predictions were understood or made, one sentence each. */
  readonly notes: readonly string[];
}

/** What {@link systemRun} presents as a run. */
export interface SystemRunOptions {
  /** Title of its row. */
  readonly name: string;
  readonly system: SystemRecord;
  readonly predictions: RunRecord['predictions'];
  /** A tested run with the same data: its number of training images and the order of its classes are used. */
  readonly reference?: RunRecord;
  /** Compute an interval of every metric; default true. */
  readonly intervals?: boolean;
}

/** Predictions that are not those of one trained run, as a tested run, so that they are a row like any other. */
export function systemRun({
  name,
  system,
  predictions,
  reference,
  intervals = true,
}: SystemRunOptions): RunRecord {
  const report = (tested: TaskPredictions): TaskReport =>
    evaluateTask(tested, intervals ? { bootstrap: { seed: 0 } } : {});
  const { last, selected } = predictions;
  const lastReport = report(last!);
  const classes = reportNames(lastReport);
  return {
    path: system.sources[0].path,
    name,
    state: 'finished',
    config: null,
    environment: null,
    events: [],
    metrics: {
      split: 'test',
      ...('findings' in lastReport ? { task: 'multilabel' } : {}),
      classes,
      images: { train: 0, validation: 0, ...reference?.metrics?.images, test: last!.ids.length },
      lastEpoch: 0,
      selectedEpoch: null,
      last: lastReport,
      ...(selected === null ? {} : { selected: selected === last ? lastReport : report(selected) }),
    } as RunMetrics, // the report has the form of the task
    ordered: reference?.ordered ?? classesAreOrdered(classes, {}),
    predictions,
    missing: [],
    system,
  };
}
