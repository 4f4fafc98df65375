import type { FindingPredictions, Predictions } from '@nonlocal-med/core';
import type { LoaderSample } from '@nonlocal-med/data';
import { evaluateSubgroups, type SubgroupRule, type SubgroupsReport } from '@nonlocal-med/metrics';
import { withAttributes, withGroups } from './testRun.js';

/** The options of a data set with the attributes that rules need, instead of those that it keeps by itself. */
export function withRuleAttributes<Data extends object>(
  data: Data,
  by: readonly SubgroupRule[] = [],
): Data {
  if (by.length === 0) return data;
  const { attributes = [] } = data as { readonly attributes?: readonly string[] };
  const needed = by.flatMap(({ parts }) => parts.map(({ attribute }) => attribute));
  return { ...data, attributes: [...new Set([...attributes, ...needed])] };
}

/**
 * Every metric by group of images. Patients are resampled as a whole if samples have groups.
 * @param samples those that were predicted, in any order
 * @throws InputError when a rule names an attribute that does not exist, or one with too many values
 */
export function reportSubgroups(
  predictions: Predictions | FindingPredictions,
  samples: readonly LoaderSample[],
  { by, seed }: { readonly by: readonly SubgroupRule[]; readonly seed: number },
): SubgroupsReport {
  return evaluateSubgroups(
    withAttributes(withGroups(predictions as Predictions, samples), samples),
    {
      by,
      bootstrap: { seed },
    },
  );
}
