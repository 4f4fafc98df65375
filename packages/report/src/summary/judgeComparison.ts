import { pValueText } from '../tables/pValueText.js';
import type { RawComparison } from './compareRows.js';
import type { DifferenceTest, MetricComparison } from './experimentSummary.js';

/** With fewer repeats that both rows have finished, a table does not say whether a difference is noise. */
export const FEWEST_REPEATS = 3;

/**
 * Says whether a difference is more than noise: when the test over repeats and, where all repeats share one test side,
 * also the test on its images have an adjusted p-value below `level`.
 */
export function judgeComparison(comparison: RawComparison, level: number): MetricComparison {
  const repeats = comparison.differences.filter((difference) => difference !== null).length;
  const tests = [comparison.overRepeats, comparison.onImages].filter((test) => test !== null);
  const undecided = tests.find(({ adjusted }) => adjusted === null);
  if (repeats < FEWEST_REPEATS)
    return {
      ...comparison,
      verdict: 'too few repeats',
      because: `${repeats} ${repeats === 1 ? 'repeat' : 'repeats'} of both, at least ${FEWEST_REPEATS} are needed`,
    };
  if (undecided !== undefined)
    return {
      ...comparison,
      verdict: 'undefined',
      because: `${undecided.test}: ${undecided.undefinedBecause ?? 'not defined'}`,
    };
  return {
    ...comparison,
    verdict: tests.every(({ adjusted }) => adjusted! < level)
      ? 'more than noise'
      : 'no more than noise',
    because: tests.map(describeTest).join('; '),
  };
}

function describeTest({ test, adjusted }: DifferenceTest): string {
  const text = pValueText(adjusted);
  return `${test}, adjusted p ${text.startsWith('<') ? text : `= ${text}`}`;
}
