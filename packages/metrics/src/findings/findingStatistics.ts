import { type FindingPredictions, InputError, unknownName } from '@nonlocal-med/core';
import { meanOfDefined } from '../confusion/averages.js';
import type { MetricEstimate } from '../evaluate/evaluationReport.js';
import type { WeightedStatistics } from '../resampling/bootstrap.js';
import { weightSamples } from '../sample/weighting.js';
import {
  findingEvaluators,
  findingMetricNames,
  type FindingSamples,
  findingSamples,
  microMetricNames,
} from './findingSamples.js';
import type { FindingMetricName, FindingsReport } from './findingsReport.js';

/** Metrics that are computed over all labels of all findings together. */
export type MicroMetricName = keyof FindingsReport['micro'];

/**
 * A metric of predictions of findings by its name: `auc` is the mean over findings, `micro auc` is over all their labels
 * together, `auc of effusion` is that of one finding.
 */
export type FindingStatistic =
  FindingMetricName | `micro ${MicroMetricName}` | `${FindingMetricName} of ${string}`;

/** Every {@link FindingStatistic}, in the order of reports: those of each finding, their means, the micro averages. */
export function findingStatisticNames(findings: readonly string[]): FindingStatistic[] {
  return [
    ...findings.flatMap((finding) =>
      findingMetricNames.map((metric): FindingStatistic => `${metric} of ${finding}`),
    ),
    ...findingMetricNames,
    ...microMetricNames.map((metric): FindingStatistic => `micro ${metric}`),
  ];
}

/** What a name of a statistic stands for: a metric of the finding with an index, or averaged over findings. */
interface StatisticPlace {
  readonly metric: FindingMetricName;
  readonly of: number | 'macro' | 'micro';
}

/** @throws InputError that lists the names if one is unknown */
function placeOf(name: string, findings: readonly string[]): StatisticPlace {
  const known = <Name extends string>(names: readonly Name[], text: string): Name | undefined =>
    names.find((one) => one === text);
  const macro = known(findingMetricNames, name);
  if (macro !== undefined) return { metric: macro, of: 'macro' };
  const micro = known(microMetricNames, name.replace(/^micro /, ''));
  if (micro !== undefined) return { metric: micro, of: 'micro' };
  const [metric] = name.split(' of ', 1);
  const ofFinding = known(findingMetricNames, metric);
  const finding = findings.indexOf(name.slice(`${metric} of `.length));
  if (ofFinding !== undefined && finding >= 0) return { metric: ofFinding, of: finding };
  throw new InputError(
    unknownName({ path: 'metric', kind: 'metric', name, known: findingStatisticNames(findings) }),
  );
}

/** The labels that metrics of findings are computed from. */
export interface PreparedFindings {
  readonly findings: readonly string[];
  /** Probability from which each finding is called present, [findings]. */
  readonly thresholds: readonly number[];
  /** The known labels of each finding, and of all of them together. */
  readonly each: readonly FindingSamples[];
  readonly pooled: FindingSamples;
}

/**
 * Prepares checked predictions for {@link findingStatistics}.
 * @param thresholds one for all findings, or one per finding
 * @throws RangeError when there are too many or too few thresholds, or one is not from 0 to 1
 */
export function prepareFindings(
  predictions: FindingPredictions,
  thresholds: number | readonly number[],
): PreparedFindings {
  const { findings } = predictions;
  const cuts = checkThresholds(thresholds, findings);
  return {
    findings,
    thresholds: cuts,
    each: findings.map((_, f) => findingSamples(predictions, cuts, [f])),
    pooled: findingSamples(predictions, cuts, [...findings.keys()]),
  };
}

/** One threshold per finding. @throws RangeError when there are too many or too few, or one is not from 0 to 1 */
function checkThresholds(
  thresholds: number | readonly number[],
  findings: readonly string[],
): readonly number[] {
  const cuts = typeof thresholds === 'number' ? findings.map(() => thresholds) : thresholds;
  if (cuts.length !== findings.length)
    throw new RangeError(
      `thresholds has ${cuts.length} entries, expected ${findings.length}: one per finding.`,
    );
  cuts.forEach((cut, f) => {
    if (!(cut >= 0 && cut <= 1))
      throw new RangeError(`The threshold of "${findings[f]}" must be from 0 to 1, got ${cut}.`);
  });
  return cuts;
}

/**
 * Statistics of findings over images that each count `weights[i]` times, in the order of their names.
 * @throws InputError that lists the names if one is unknown
 */
export function findingStatistics(
  { findings, each, pooled }: PreparedFindings,
  names: readonly string[],
): WeightedStatistics {
  const places = names.map((name) => placeOf(name, findings));
  const needed = (of: StatisticPlace['of']): Set<FindingMetricName> =>
    new Set(places.filter((place) => place.of === of).map(({ metric }) => metric));
  const macro = needed('macro');
  const ofEach = each.map((found, f) => metricValues(found, new Set([...macro, ...needed(f)])));
  const ofAll = metricValues(pooled, needed('micro'));
  return (weights) => {
    const values = ofEach.map((evaluate) => evaluate(weights));
    const together = ofAll(weights);
    return places.map(({ metric, of }) => {
      if (of === 'micro') return together.get(metric)!;
      if (of === 'macro') return meanOfDefined(values.length, (f) => values[f].get(metric)!);
      return values[of].get(metric)!;
    });
  };
}

/** The needed metrics of some labels, whose images each count `weights[i]` times. */
function metricValues(
  found: FindingSamples,
  needed: ReadonlySet<FindingMetricName>,
): (weights: Float64Array) => Map<FindingMetricName, number | null> {
  const all = findingEvaluators(found);
  const evaluators = [...needed].map(
    (name) => [name, all[findingMetricNames.indexOf(name)]] as const,
  );
  return (weights) => {
    if (evaluators.length === 0) return new Map();
    const ofLabels = Float64Array.from(found.rows, (row) => weights[row]);
    const weighting = weightSamples(found.samples, ofLabels);
    return new Map(evaluators.map(([name, evaluate]) => [name, evaluate(weighting)]));
  };
}

/** The metric of a report by its name. @throws InputError that lists the names if it is unknown */
export function findingEstimate(report: FindingsReport, name: string): MetricEstimate {
  const { metric, of } = placeOf(name, report.findings);
  if (of === 'micro') return report.micro[metric as MicroMetricName];
  return of === 'macro' ? report.macro[metric] : report.perFinding[of][metric];
}
