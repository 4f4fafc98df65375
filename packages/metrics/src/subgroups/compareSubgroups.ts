import { count as countOf } from '@nonlocal-med/core';
import { compareIndependentAucs } from '../delong/unpairedDelongTest.js';
import type { BootstrapOptions } from '../resampling/bootstrap.js';
import { compareStatistics } from '../resampling/bootstrapDifference.js';
import {
  MINIMUM_OF_SUBGROUP,
  type SubgroupDifference,
  type SubgroupMetric,
  type SubgroupSize,
} from './subgroupsReport.js';
import type { SubgroupSamples } from './subgroupTask.js';

/** A group with its name. */
export interface NamedSamples {
  readonly name: string;
  readonly samples: SubgroupSamples;
}

/** Means over samples, which need samples, but not samples of every class. */
const SAMPLE_MEANS: readonly string[] = [
  'accuracy',
  'accuracyOneVsRest',
  'logLoss',
  'brierScore',
  'calibrationError',
];

/**
 * Every metric of a group minus that of the reference group, with an interval and a test. The bootstrap resamples both groups
 * independently, samples within their class; or whole patients, who may then have samples in both groups. AUCs of groups
 * whose samples are independent get DeLong's unpaired test. A group that is too small for a metric is not tested in it, nor is
 * one in which all resamples agree (a sensitivity of 0 or 1).
 * @param metrics those of the group, in the order of its statistics
 */
export function compareSubgroups(
  group: NamedSamples,
  reference: NamedSamples,
  {
    metrics,
    ...options
  }: BootstrapOptions & { readonly metrics: readonly Pick<SubgroupMetric, 'metric' | 'of'>[] },
): SubgroupDifference[] {
  const [a, b] = [group.samples, reference.samples];
  const [ofA, ofB] = [a.statistics(), b.statistics()];
  const classes = a.sizes.length;
  const strata = Int32Array.from([...a.strata, ...b.strata.map((stratum) => stratum + classes)]);
  const [variesInA, variesInB] = [watchVariation(), watchVariation()];
  const resampled = compareStatistics(
    {
      a: (weights) => variesInA.watch(ofA(weights.subarray(0, a.count))),
      b: (weights) => variesInB.watch(ofB(weights.subarray(a.count))),
    },
    strata,
    {
      ...options,
      groups: a.groups === undefined ? undefined : [...a.groups, ...b.groups!],
    },
  );
  return metrics.map((metric, m): SubgroupDifference => {
    const { difference } = resampled[m];
    const aucs = a.groups === undefined ? [a.auc(metric), b.auc(metric)] : [];
    const isResampled = aucs[0] === undefined;
    const test = isResampled ? 'bootstrap' : 'DeLong unpaired';
    const untestable =
      lack(metric, group) ??
      lack(metric, reference) ??
      (isResampled && variesInA.isConstant(m) ? describeConstant(group) : undefined) ??
      (isResampled && variesInB.isConstant(m) ? describeConstant(reference) : undefined);
    if (difference !== null && untestable !== undefined)
      return {
        difference,
        lower: null,
        upper: null,
        pValue: null,
        adjusted: null,
        test,
        undefinedBecause: untestable,
      };
    const { lower, upper, pValue, undefinedBecause } =
      aucs[0] !== undefined && aucs[1] !== undefined
        ? compareIndependentAucs(aucs[0], aucs[1], options)
        : resampled[m];
    return {
      difference,
      lower,
      upper,
      pValue,
      adjusted: null,
      test,
      ...(undefinedBecause === undefined ? {} : { undefinedBecause }),
    };
  });
}

/** Finds the metrics that all resamples give the same value: resampling then claims that they are exactly known. */
function watchVariation(): {
  watch(values: readonly (number | null)[]): readonly (number | null)[];
  isConstant(metric: number): boolean;
} {
  let first: readonly (number | null)[] | undefined;
  const varies = new Set<number>();
  return {
    watch(values) {
      first ??= values;
      values.forEach((value, m) => {
        if (value !== first![m]) varies.add(m);
      });
      return values;
    },
    isConstant: (metric) => !varies.has(metric),
  };
}

const describeConstant = ({ name }: NamedSamples): string =>
  `all resamples of "${name}" give the same value, so that its uncertainty is not known`;

/** Which samples a group has too few of for a metric to be tested; undefined if it has enough. */
function lack(
  { metric, of }: Pick<SubgroupMetric, 'metric' | 'of'>,
  { name, samples: { count, sizes, groups } }: NamedSamples,
): string | undefined {
  if (of === null && SAMPLE_MEANS.includes(metric)) {
    const units = groups === undefined ? count : new Set(groups).size;
    return units < MINIMUM_OF_SUBGROUP ? describeLack(units, '', name) : undefined;
  }
  if (metric.startsWith('micro ')) {
    const units = Math.min(
      sizes.reduce((sum, { positives }) => sum + positives, 0),
      groups === undefined ? count : new Set(groups).size,
    );
    return units < MINIMUM_OF_SUBGROUP ? describeLack(units, ' with a finding', name) : undefined;
  }
  const positivesOnly = of === null || metric === 'sensitivity';
  const concerned = of === null ? sizes : sizes.filter((size) => size.of === of);
  for (const size of concerned) {
    const { positives, negatives } = unitsOf(size);
    if (metric !== 'specificity' && positives < MINIMUM_OF_SUBGROUP)
      return describeLack(positives, ` of ${size.of}`, name);
    if (!positivesOnly && negatives < MINIMUM_OF_SUBGROUP)
      return describeLack(negatives, ` without ${size.of}`, name);
  }
  return undefined;
}

/** Samples of a class, or patients with them where those are fewer. */
export const unitsOf = ({
  positives,
  negatives,
  positiveGroups = positives,
  negativeGroups = negatives,
}: SubgroupSize): { positives: number; negatives: number } => ({
  positives: Math.min(positives, positiveGroups),
  negatives: Math.min(negatives, negativeGroups),
});

const describeLack = (found: number, of: string, group: string): string =>
  `${countOf(found, 'independent sample')}${of} in "${group}", and a test needs ${MINIMUM_OF_SUBGROUP}`;
