import type { AucInterval } from '../delong/aucInterval.js';
import type { BootstrapInterval } from '../resampling/summariseReplicates.js';
import type { Weighting } from '../sample/weighting.js';
import { analyticInterval, wilson } from './analyticInterval.js';
import type {
  ClassReport,
  EvaluationReport,
  MetricEstimate,
  MetricInterval,
} from './evaluationReport.js';
import type { MetricName } from './metricCatalogue.js';
import { metricEstimate } from './metricEstimate.js';
import { reportedMetrics } from './reportedMetrics.js';
import type { SampleFacts } from './sampleFacts.js';
import { whyClassUndefined, whyUndefined } from './whyUndefined.js';

/** Values and intervals in the order of {@link reportedMetrics}, and what explains them. */
export interface ReportParts {
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
        whyUndefined: () => whyUndefined(reported.name, facts),
        analytic: overall(reported.name, { weighting, facts, delong, confidence }),
      });
    } else {
      const { name, classIndex } = reported;
      perClass[classIndex][name] = metricEstimate({
        ...parts,
        whyUndefined: () => whyClassUndefined(name, classIndex, facts),
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
