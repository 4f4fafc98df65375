import {
  type BootstrapOptions,
  bootstrapStatistics,
  type WeightedStatistics,
} from '../resampling/bootstrap.js';
import type { BootstrapInterval } from '../resampling/replicateInterval.js';
import type { EvaluationReport } from './evaluationReport.js';

/** The intervals of a report's metrics by resampling, if it is requested, and what the report says about them. */
export interface ResampledMetrics {
  /** In the order of the statistics. */
  readonly intervals?: readonly BootstrapInterval[];
  readonly bootstrap: EvaluationReport['bootstrap'];
}

/**
 * Resamples the metrics of a report.
 * @param labels samples are resampled within these, [count]; unless there are groups, which are resampled as a whole
 * @param options.bootstrap undefined if no resampling is requested
 */
export function resampleMetrics(
  statistics: WeightedStatistics,
  labels: ArrayLike<number>,
  {
    bootstrap,
    groups,
    confidence,
  }: {
    readonly bootstrap?: BootstrapOptions;
    readonly groups?: readonly string[];
    readonly confidence: number;
  },
): ResampledMetrics {
  if (bootstrap === undefined || labels.length === 0) return { bootstrap: null };
  const resampled = bootstrapStatistics(statistics, labels, { ...bootstrap, groups, confidence });
  return {
    intervals: resampled.map(({ interval }) => interval),
    bootstrap: {
      resamples: resampled[0].replicates.length,
      seed: bootstrap.seed ?? 0,
      method: bootstrap.method ?? 'percentile',
      grouped: groups !== undefined,
    },
  };
}
