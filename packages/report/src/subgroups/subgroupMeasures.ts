import { count } from '@nonlocal-med/core';
import {
  type Subgroup,
  type SubgroupDivision,
  type SubgroupMetric,
  type SubgroupsReport,
  targetClass,
} from '@nonlocal-med/metrics';
import { listOf } from '../statistics/resultCautions.js';
import { formatDifference, formatPStatement } from '../tables/numberText.js';

/** Differences with a p value below this are called significant. */
const LEVEL = 0.05;

/** Fewest images or patients of a class in a group that is compared; the same as in `evaluateSubgroups`. */
const MINIMUM = 10;

/** A metric of tables and figures of subgroups. */
export interface SubgroupMeasure {
  readonly title: string;
  readonly metric: SubgroupMetric['metric'];
  /** Class or finding that it is about; null for the mean over all. */
  readonly of: string | null;
}

/**
 * The metrics that tables and figures of subgroups show: AUC, and sensitivity and specificity of the class to be found of two
 * or of the only finding; means over several findings; mean sensitivity and accuracy of several classes.
 */
export function subgroupMeasures({
  classes,
  overall,
}: Pick<SubgroupsReport, 'classes' | 'overall'>): SubgroupMeasure[] {
  const isFindings = !overall.metrics.some(({ metric }) => metric === 'accuracy');
  const single = isFindings ? (classes.length === 1 ? classes[0] : null) : targetClass(classes);
  if (!isFindings && classes.length > 2)
    return [
      { title: 'AUC', metric: 'auc', of: null },
      { title: 'sensitivity', metric: 'sensitivity', of: null },
      { title: 'accuracy', metric: 'accuracy', of: null },
    ];
  return [
    { title: 'AUC', metric: 'auc', of: single },
    { title: 'sensitivity', metric: 'sensitivity', of: single },
    { title: 'specificity', metric: 'specificity', of: single },
  ];
}

/** A group's value of a metric. */
export const measured = (
  { metrics }: Pick<Subgroup, 'metrics'>,
  { metric, of }: Pick<SubgroupMeasure, 'metric' | 'of'>,
): SubgroupMetric => metrics.find((found) => found.metric === metric && found.of === of)!;

/** What the metrics are about, as one sentence; empty for AUC and accuracy of several classes. */
export function describeMeasures(report: Pick<SubgroupsReport, 'classes' | 'overall'>): string {
  const [{ of }] = subgroupMeasures(report);
  if (of !== null) return `AUC, sensitivity and specificity are those of ${of}.`;
  const isFindings = !report.overall.metrics.some(({ metric }) => metric === 'accuracy');
  return `AUC and sensitivity${isFindings ? ', and specificity' : ''} are means over ${isFindings ? 'findings' : 'classes'}.`;
}

/**
 * What a reader of subgroups should know, one sentence each: significant differences, groups that are too small to be
 * compared, and what such comparisons do not show.
 */
export function subgroupRemarks(
  { divisions, classes, overall, comparisons }: SubgroupsReport,
  { patientsKnown = true }: { readonly patientsKnown?: boolean } = {},
): string[] {
  const shown = subgroupMeasures({ classes, overall });
  const ofClasses = classes.flatMap((of) =>
    (['auc', 'sensitivity', 'specificity'] as const).map((metric) => ({ metric, of })),
  );
  // With two classes, what is said of one says the same of the other.
  const judged = [
    ...shown,
    ...(classes.length > 2 || shown[0].of === null
      ? ofClasses.map((measure) => ({ ...measure, title: titleOf(measure.metric) }))
      : []),
  ];
  const significant = divisions.flatMap((division) => describeSignificant(division, judged));
  const small = divisions.flatMap(({ groups }) =>
    groups
      .filter(({ known }) => known)
      .flatMap((group) =>
        smallParts(group, patientsKnown).map((part) => `${group.name} (${part})`),
      ),
  );
  const untested = divisions.flatMap(({ by, groups }) =>
    groups.flatMap((group) =>
      shown
        .filter((measure) =>
          measured(group, measure).difference?.undefinedBecause?.startsWith('all resamples'),
        )
        .map(({ title }) => `${title} of ${group.name} by ${attributeOf(by)}`),
    ),
  );
  const single = divisions.filter(({ reference }) => reference === null).map(({ by }) => by);
  return [
    ...significant,
    ...(significant.length === 0 && comparisons > 0
      ? [
          'No difference that was tested is statistically significant. In small groups this does not show that there is none: the intervals say how large it may be.',
        ]
      : []),
    ...(small.length === 0
      ? []
      : [
          `Too few images${patientsKnown && overall.groups !== undefined ? ' or patients' : ''} to compare, fewer than ${MINIMUM}: ${listOf([...new Set(small)])}.`,
        ]),
    ...(untested.length === 0
      ? []
      : [
          `Not tested, because all resamples of a group agree, as with a value of 0 or 1: ${listOf(untested)}.`,
        ]),
    ...(single.length === 0
      ? []
      : [`Nothing to compare by ${listOf(single)}: fewer than two groups are known.`]),
    ...(comparisons > 1
      ? [
          `The more groups are compared, the more differ by chance: p values are corrected for ${count(comparisons, 'comparison')} in each metric (Holm). Groups may also differ in how ill their patients are, or in the device; crossing attributes (sex+scanner) tells some of it.`,
        ]
      : []),
  ];
}

const titleOf = (metric: 'auc' | 'sensitivity' | 'specificity'): string =>
  metric === 'auc' ? 'AUC' : metric;

/** `sensitivity to disease`: a metric with its class, for a sentence. */
const nameOf = ({ title, of }: SubgroupMeasure): string =>
  of === null ? title : `${title} of ${of}`;

function describeSignificant(
  { by, reference, groups }: SubgroupDivision,
  measures: readonly SubgroupMeasure[],
): string[] {
  const base = groups.find(({ name }) => name === reference);
  if (base === undefined) return [];
  return groups.flatMap((group) =>
    measures.flatMap((measure) => {
      const { value, difference } = measured(group, measure);
      if (value === null || !difference || difference.adjusted === null) return [];
      if (difference.adjusted >= LEVEL) return [];
      const against = measured(base, measure).value!.toFixed(3);
      const less = difference.difference! < 0 ? 'lower' : 'higher';
      return [
        `By ${attributeOf(by)}, the ${nameOf(measure)} is ${less} in ${group.name} (${value.toFixed(3)}) than in ${base.name} (${against}): difference ${formatDifference(difference)}, ${formatPStatement(difference.adjusted)}.`,
      ];
    }),
  );
}

/** The attributes of a rule without limits: `age:0-40-120` is age. */
const attributeOf = (by: string): string => by.replaceAll(/:[^+]*/g, '');

/** `6 images of disease`: what a group has too few of; empty if it has enough. */
function smallParts({ sizes }: Subgroup, patientsKnown: boolean): string[] {
  return sizes.flatMap(({ of, positives, positiveGroups = positives }) => {
    const byPatient = patientsKnown && positiveGroups < MINIMUM && positiveGroups < positives;
    const units = byPatient ? positiveGroups : positives;
    return units >= MINIMUM ? [] : [`${count(units, byPatient ? 'patient' : 'image')} of ${of}`];
  });
}
