import type {
  AucComparison,
  BootstrapComparison,
  PredictionComparison,
  StudentTest,
} from '@nonlocal-med/metrics';
import type { DifferenceTest } from './experimentSummary.js';
import type { SummaryMetric } from './summaryMetrics.js';

/**
 * The test of models on their common test images: DeLong's for the AUC, else, and with patients, the paired bootstrap.
 * The interval is that of the paired bootstrap for every metric, as in comparisons of single runs.
 */
export function testOnImages(
  metric: SummaryMetric,
  { auc, metrics, groups }: PredictionComparison,
): DifferenceTest {
  const resampled = metrics[metric]!;
  if (metric !== 'auc' || groups !== null) return testResult('paired bootstrap', resampled);
  const { lower, upper } = resampled;
  return testResult('DeLong', { ...auc, lower, upper });
}

/** The test of two runs of one repeat: DeLong's or McNemar's, with patients the paired bootstrap; else null. */
export function testRepeat(
  metric: SummaryMetric,
  { auc, accuracy, metrics, groups }: PredictionComparison,
): DifferenceTest | null {
  if (groups !== null)
    return metric === 'auc' || metric === 'accuracy'
      ? testResult('paired bootstrap', metrics[metric]!)
      : null;
  if (metric === 'auc') return testResult('DeLong', auc);
  return metric === 'accuracy'
    ? testResult('McNemar mid-p', { pValue: accuracy!.midPValue })
    : null;
}

type TestOutcome = Pick<BootstrapComparison, 'pValue'> &
  Partial<
    Pick<StudentTest, 't' | 'degreesOfFreedom'> &
      Pick<AucComparison, 'z'> &
      Pick<BootstrapComparison, 'lower' | 'upper' | 'undefinedBecause'>
  >;

/** A test as summaries list it, before its p value is adjusted. */
export function testResult(
  test: DifferenceTest['test'],
  { t, z, degreesOfFreedom, pValue, lower, upper, undefinedBecause }: TestOutcome,
): DifferenceTest {
  return {
    test,
    statistic: t ?? z ?? null,
    degreesOfFreedom: degreesOfFreedom ?? null,
    pValue,
    adjusted: null,
    lower: lower ?? null,
    upper: upper ?? null,
    undefinedBecause,
  };
}

/** Names of tests in sentences. */
export const testNames: Readonly<Record<DifferenceTest['test'], string>> = {
  'corrected resampled t': 'corrected resampled t test',
  'paired t over seeds': 'paired t test over seeds',
  DeLong: "DeLong's test",
  'McNemar mid-p': "McNemar's mid-p test",
  'paired bootstrap': 'paired bootstrap',
};
