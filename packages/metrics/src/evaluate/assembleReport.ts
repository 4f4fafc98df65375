import type { AucInterval } from '../delong/delongInterval.js';
import type { BootstrapInterval } from '../resampling/replicateInterval.js';
import type { Weighting } from '../sample/weighting.js';
import type {
  ClassReport,
  EvaluationReport,
  MetricEstimate,
  MetricInterval,
} from './evaluationReport.js';
import { classFormulaInterval, formulaInterval } from './formulaInterval.js';
import { type MetricName, reportedMetrics } from './metricCatalog.js';
import { classUndefinedReason, type SampleFacts, undefinedReason } from './sampleFacts.js';

/** Values and intervals in the order of {@link reportedMetrics}, and what explains them. */
export interface ReportParts {
  readonly values: readonly (number | null)[];
  readonly intervals?: readonly BootstrapInterval[];
  readonly weighting: Weighting;
  readonly facts: SampleFacts;
  readonly delong: AucInterval;
  readonly confidence: number;
  /** Patient of each sample, if patients were resampled. */
  readonly groups?: readonly string[];
}

/** Lists each value under its name, with its interval or the reason why there is none. */
export function assembleReport({
  values,
  intervals,
  weighting,
  facts,
  delong,
  confidence,
  groups,
}: ReportParts): Pick<EvaluationReport, 'metrics' | 'perClass'> {
  const metrics: Partial<Record<MetricName, MetricEstimate>> = {};
  const perClass: Record<string, unknown>[] = facts.classes.map((name, c) => ({
    class: name,
    support: facts.support[c],
    ...(facts.groups === undefined ? {} : { groups: facts.groups[c] }),
    predicted: facts.predicted[c],
  }));
  reportedMetrics(facts.classes.length).forEach((reported, i) => {
    const parts = { value: values[i], bootstrap: intervals?.[i] };
    if (reported.classIndex === undefined) {
      metrics[reported.name] = metricEstimate({
        ...parts,
        undefinedReason: () => undefinedReason(reported.name, facts),
        formula: formulaInterval(reported.name, { weighting, delong, confidence, groups }),
      });
    } else {
      const { name, classIndex } = reported;
      perClass[classIndex][name] = metricEstimate({
        ...parts,
        undefinedReason: () => classUndefinedReason(name, classIndex, facts),
        formula: classFormulaInterval(name, classIndex, { weighting, confidence, groups }),
      });
    }
  });
  return {
    metrics: metrics as Record<MetricName, MetricEstimate>,
    perClass: perClass as unknown as ClassReport[],
  };
}

/** What is known of a metric before its interval is chosen. */
interface EstimateParts {
  readonly value: number | null;
  readonly undefinedReason: () => string;
  /** Interval by formula, for metrics that have one. */
  readonly formula?: MetricInterval;
  /** Interval by resampling, when requested. */
  readonly bootstrap?: BootstrapInterval;
}

/**
 * Chooses the interval of a metric: the bootstrap's when requested, else the formula's. A bootstrap whose resamples all
 * give the same value (every prediction is correct) has no width and claims too much: the formula's replaces it, or none.
 */
export function metricEstimate({
  value,
  undefinedReason,
  formula,
  bootstrap,
}: EstimateParts): MetricEstimate {
  if (value === null) return { value, undefinedBecause: undefinedReason() };
  if (bootstrap === undefined)
    return formula === undefined ? { value } : { value, interval: formula };
  const { lower, upper, method, undefinedBecause } = bootstrap;
  if (lower !== null && upper !== null && lower < upper)
    return { value, interval: { lower, upper, method: `bootstrap-${method}` } };
  if (formula !== undefined) return { value, interval: formula };
  const reason =
    value === 1
      ? 'no error on these samples, so resampling them shows no variation'
      : 'all resamples give the same value';
  return { value, noIntervalBecause: undefinedBecause ?? reason };
}
