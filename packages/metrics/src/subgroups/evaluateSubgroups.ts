import { type FindingPredictions, InputError, type Predictions } from '@nonlocal-med/core';
import type { EvaluationOptions } from '../evaluate/evaluationReport.js';
import { checkFindingPredictions } from '../findings/findingSamples.js';
import { holm } from '../hypothesis/multipleComparisons.js';
import { labeledPredictions } from '../input/alignPredictions.js';
import { checkLength } from '../input/checkArguments.js';
import { checkPredictions } from '../input/checkPredictions.js';
import { compareSubgroups } from './compareSubgroups.js';
import { divideSamples } from './divideSamples.js';
import { resolveSubgroupRules, type SubgroupRule } from './subgroupRule.js';
import type {
  Subgroup,
  SubgroupDivision,
  SubgroupMetric,
  SubgroupsReport,
} from './subgroupsReport.js';
import { type SubgroupSamples, subgroupSamples } from './subgroupTask.js';

/** How samples are divided, and how intervals are computed. */
export interface SubgroupOptions extends Pick<EvaluationOptions, 'bootstrap' | 'confidence'> {
  readonly by: readonly SubgroupRule[];
}

/**
 * Every metric by group of samples (sex, scanner, age), with the intervals of {@link evaluatePredictions} on the samples of
 * the group, and the difference to the largest group of the same attribute with a test: DeLong's unpaired one for AUC, the
 * bootstrap for the rest; with patients the bootstrap over whole patients for everything. Holm's correction is for all groups
 * of all attributes, in each metric. Groups with too few samples are listed, but not tested. Samples without a known true class
 * are left out.
 * @param predictions with `attributes`
 * @throws RangeError when lengths do not match or an option is out of range
 * @throws InputError when predictions cannot be used, an attribute does not exist, or has too many values to be groups
 * @example
 * ```ts
 * import { evaluateSubgroups, parseSubgroupRules } from '@nonlocal-med/metrics';
 *
 * const labels = Int32Array.from({ length: 60 }, (_, i) => i % 2);
 * const scores = Array.from(labels, (label, i) => 0.3 + 0.3 * label + 0.2 * Math.sin(5 * i));
 * const { divisions } = evaluateSubgroups(
 *   {
 *     classes: ['healthy', 'disease'],
 *     ids: scores.map((_, i) => `image-${i}`),
 *     labels,
 *     probabilities: Float64Array.from(scores.flatMap((score) => [1 - score, score])), // [60, 2]
 *     attributes: { sex: scores.map((_, i) => (i < 36 ? 'F' : 'M')) },
 *   },
 *   { by: parseSubgroupRules('sex'), bootstrap: { resamples: 200 } },
 * );
 * console.log(divisions[0].groups.map(({ name, samples }) => `${name} ${samples}`).join(', ')); // F 36, M 24
 * console.log(divisions[0].reference); // F
 * ```
 */
export function evaluateSubgroups(
  predictions: Predictions | FindingPredictions,
  { by, bootstrap = {}, confidence = bootstrap.confidence ?? 0.95 }: SubgroupOptions,
): SubgroupsReport {
  const { samples, attributes, classes } = prepare(predictions, bootstrap.groups);
  const rules = resolveSubgroupRules(by, attributes);
  const options = { bootstrap: { ...bootstrap, groups: undefined, confidence }, confidence };
  const whole = samples.evaluate(options);
  const divisions = rules.map((rule) => divide(rule, { samples, attributes, options }));
  return {
    classes,
    confidence,
    bootstrap: whole.bootstrap,
    overall: {
      name: 'all',
      ...sizesOf(samples),
      metrics: whole.metrics,
    },
    divisions: adjust(divisions),
    comparisons: divisions.reduce((sum, { groups }) => sum + compared(groups).length, 0),
  };
}

/** Samples with a known truth, and their attributes. */
function prepare(
  given: Predictions | FindingPredictions,
  givenGroups: readonly string[] | undefined,
): {
  samples: SubgroupSamples;
  attributes: Readonly<Record<string, readonly string[]>>;
  classes: readonly string[];
} {
  const groups = givenGroups ?? given.groups;
  const attributes = given.attributes ?? {};
  if (Object.keys(attributes).length === 0)
    throw new InputError({
      path: 'attributes',
      message: 'the predictions have no attributes to divide them by',
      hint: 'columns of a manifest or attributes of DICOM files that were kept, such as sex',
    });
  for (const [name, values] of Object.entries(attributes))
    checkLength(`attributes.${name}`, values.length, given.ids.length);
  if ('findings' in given) {
    checkFindingPredictions(given);
    return { samples: subgroupSamples({ ...given, groups }), attributes, classes: given.findings };
  }
  const predictions = { ...given, groups };
  checkPredictions(predictions);
  const isLabeled = (_: unknown, row: number): boolean => given.labels[row] >= 0;
  return {
    samples: subgroupSamples(labeledPredictions(predictions)),
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([name, values]) => [name, values.filter(isLabeled)]),
    ),
    classes: given.classes,
  };
}

interface DivisionContext {
  readonly samples: SubgroupSamples;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly options: Required<Pick<SubgroupOptions, 'bootstrap' | 'confidence'>>;
}

/** The groups of one rule, all but the largest compared with it. */
function divide(
  rule: SubgroupRule,
  { samples, attributes, options }: DivisionContext,
): SubgroupDivision {
  const groups = divideSamples(rule, attributes).map(({ name, known, rows }) => ({
    name,
    known,
    samples: samples.pick(rows),
  }));
  const candidates = groups.filter(({ known }) => known);
  const largest = Math.max(...candidates.map((group) => group.samples.count));
  const reference =
    candidates.length < 2 ? undefined : candidates.find((group) => group.samples.count === largest);
  return {
    by: rule.name,
    attributes: rule.parts.map(({ attribute }) => attribute),
    reference: reference?.name ?? null,
    groups: groups.map((group): Subgroup => {
      const { metrics } = group.samples.evaluate(options);
      const differences =
        reference === undefined || group === reference || !group.known
          ? []
          : compareSubgroups(group, reference, { ...options.bootstrap, metrics });
      return {
        name: group.name,
        known: group.known,
        ...sizesOf(group.samples),
        metrics: metrics.map((metric, m) =>
          m in differences ? { ...metric, difference: differences[m] } : metric,
        ),
      };
    }),
  };
}

const sizesOf = ({
  count,
  groups,
  sizes,
}: SubgroupSamples): Pick<Subgroup, 'samples' | 'groups' | 'sizes'> => ({
  samples: count,
  ...(groups === undefined ? {} : { groups: new Set(groups).size }),
  sizes,
});

/** The groups that are compared with a reference. */
const compared = (groups: readonly Subgroup[]): Subgroup[] =>
  groups.filter(({ metrics }) => metrics.some(({ difference }) => difference !== undefined));

/** Holm's correction in each metric, for the groups of all divisions together. */
function adjust(divisions: readonly SubgroupDivision[]): SubgroupDivision[] {
  const pValues = new Map<string, (number | null)[]>();
  const keyOf = ({ metric, of }: SubgroupMetric): string => JSON.stringify([metric, of]);
  const tested = divisions
    .flatMap(({ groups }) => groups)
    .flatMap(({ metrics }) => metrics.filter(({ difference }) => difference !== undefined));
  for (const metric of tested)
    pValues.set(keyOf(metric), [...(pValues.get(keyOf(metric)) ?? []), metric.difference!.pValue]);
  const adjusted = new Map([...pValues].map(([key, values]) => [key, holm(values)]));
  return divisions.map((division) => ({
    ...division,
    groups: division.groups.map((group) => ({
      ...group,
      metrics: group.metrics.map((metric) =>
        metric.difference === undefined
          ? metric
          : {
              ...metric,
              difference: { ...metric.difference, adjusted: adjusted.get(keyOf(metric))!.shift()! },
            },
      ),
    })),
  }));
}
