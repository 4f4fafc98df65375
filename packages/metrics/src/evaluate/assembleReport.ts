import type { AucInterval } from '../delong/delongInterval.js';
import type { BootstrapInterval } from '../resampling/replicateInterval.js';
import type { Weighting } from '../sample/weighting.js';
import { analyticInterval, wilson } from './analyticInterval.js';
import type {
  ClassReport,
  EvaluationReport,
  MetricEstimate,
  MetricInterval,
} from './evaluationReport.js';
import { type MetricName, reportedMetrics } from './metricCatalog.js';
import { classUndefinedReason, type SampleFacts, undefinedReason } from './sampleFacts.js';

/** Values and intervals in the order of {@link reportedMetrics}, and what explains them. */
interface ReportParts {
  readonly values: readonly (number | null)[];
  readonly intervals?: readonly BootstrapInterval[];
  readonly weighting: Weighting;
  readonly facts: SampleFacts;
  readonly delong: AucInterval;
  readonly confidence: number;
}

/** Puts each value beside its interval or its reason, under its name. */
export function assembleReport({
  values,
  intervals,
  weighting,
  facts,
  delong,
  confidence,
}: ReportParts): Pick<EvaluationReport, 'metrics' | 'perClass'> {
  const metrics: Partial<Record<MetricName, MetricEstimate>> = {};
  const perClass: Record<string, unknown>[] = facts.classes.map((name, c) => ({
    class: name,
    support: facts.support[c],
    predicted: facts.predicted[c],
  }));
  reportedMetrics(facts.classes.length).forEach((reported, i) => {
    const parts = { value: values[i], bootstrap: intervals?.[i] };
    if (reported.classIndex === undefined) {
      metrics[reported.name] = metricEstimate({
        ...parts,
        whyUndefined: () => undefinedReason(reported.name, facts),
        analytic: overall(reported.name, { weighting, facts, delong, confidence }),
      });
    } else {
      const { name, classIndex } = reported;
      perClass[classIndex][name] = metricEstimate({
        ...parts,
        whyUndefined: () => classUndefinedReason(name, classIndex, facts),
        analytic: analyticInterval(name, classIndex, { weighting, confidence }),
      });
    }
  });
  return {
    metrics: metrics as Record<MetricName, MetricEstimate>,
    perClass: perClass as unknown as ClassReport[],
  };
}

function overall(
  name: MetricName,
  { weighting, facts, delong, confidence }: Omit<ReportParts, 'values' | 'intervals'>,
): MetricInterval | undefined {
  if (name === 'auc' && delong.lower !== null && delong.upper !== null)
    return { lower: delong.lower, upper: delong.upper, method: 'delong-logit' };
  if (name !== 'accuracy') return undefined;
  const { classes, counts } = weighting.matrix();
  return wilson(
    facts.classes.reduce((sum, _, c) => sum + counts[c * classes + c], 0),
    facts.count,
    confidence,
  );
}

/** What is known of one metric before its interval is chosen. */
interface EstimateParts {
  readonly value: number | null;
  readonly whyUndefined: () => string;
  /** Interval by formula, where there is one. */
  readonly analytic?: MetricInterval;
  /** Interval by resampling, where it was asked for. */
  readonly bootstrap?: BootstrapInterval;
}

/**
 * Chooses a metric's interval: the bootstrap's where it was asked for, else the formula's. A bootstrap whose resamples
 * all give one value (every prediction right) has no width and claims too much: the formula's stands in, or none.
 */
function metricEstimate({
  value,
  whyUndefined,
  analytic,
  bootstrap,
}: EstimateParts): MetricEstimate {
  if (value === null) return { value, undefinedBecause: whyUndefined() };
  if (bootstrap === undefined)
    return analytic === undefined ? { value } : { value, interval: analytic };
  const { lower, upper, method, undefinedBecause } = bootstrap;
  if (lower !== null && upper !== null && lower < upper)
    return { value, interval: { lower, upper, method: `bootstrap-${method}` } };
  if (analytic !== undefined) return { value, interval: analytic };
  return {
    value,
    noIntervalBecause: undefinedBecause ?? 'the resamples give one and the same value',
  };
}
