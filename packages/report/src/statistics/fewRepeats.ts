import { formatPointDifference } from '../tables/numberText.js';
import type { ExperimentSummary, MetricComparison } from './experimentSummary.js';

/**
 * Fewest repeats for which a difference gets an interval, a p value and a verdict. With two, the t distribution has one
 * degree of freedom and its 95 % quantile is 12.7: the interval is 9 standard deviations wide on each side and says
 * nothing. With three it is 4.3.
 */
export const MINIMUM_REPEATS = 3;

/**
 * Fewest repeats of every row before the best value of a column is set in bold. A model that is no better than another
 * wins all of four paired repeats with a probability of 1/16, all of five with 1/32: five is the first number at which
 * even the clearest outcome is unlikely to be chance (below 5 %, one-sided).
 */
export const MINIMUM_REPEATS_FOR_BEST = 5;

/** Whether a comparison over several repeats has too few for an interval: tables then show its single differences. */
export function hasFewRepeats({ differences }: Pick<MetricComparison, 'differences'>): boolean {
  const repeats = differences.filter((difference) => difference !== null).length;
  return repeats > 1 && repeats < MINIMUM_REPEATS;
}

/** The difference in each repeat in percentage points: `+1.20, −3.40`. */
export function listDifferences({ differences }: Pick<MetricComparison, 'differences'>): string {
  return differences
    .filter((difference) => difference !== null)
    .map(formatPointDifference)
    .join(', ');
}

/** Whether the best mean of a metric may be set in bold: every row that has results has enough repeats. */
export function hasBest({ rows }: Pick<ExperimentSummary, 'rows'>): boolean {
  const trained = rows.filter(({ finished }) => finished > 0);
  return (
    trained.length > 1 && trained.every(({ finished }) => finished >= MINIMUM_REPEATS_FOR_BEST)
  );
}
