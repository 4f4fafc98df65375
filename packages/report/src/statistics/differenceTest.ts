import type {
  AucComparison,
  BootstrapComparison,
  StudentTest,
  TaskComparison,
  TaskMetric,
} from '@nonlocal-med/metrics';
import type { DifferenceTest } from './experimentSummary.js';
import type { SummaryMetric } from './summaryMetrics.js';

/**
 * The test of models on their common test images: DeLong's for the AUC of classes or of one finding, else, and with
 * patients, the paired bootstrap. The interval is that of the paired bootstrap for every metric, as in comparisons of single
 * runs.
 */
export function testOnImages(metric: SummaryMetric, comparison: TaskComparison): DifferenceTest {
  const resampled = differenceIn(comparison, metric)!;
  const delong = delongIn(comparison, metric);
  if (delong === undefined) return testResult('paired bootstrap', resampled);
  const { lower, upper } = resampled;
  return testResult('DeLong', { ...delong, lower, upper });
}

/** The test of two runs of one repeat, where there is one: of an AUC or the top-1 accuracy. */
export function testRepeat(
  metric: SummaryMetric,
  comparison: TaskComparison,
): DifferenceTest | null {
  const delong = delongIn(comparison, metric);
  if (delong !== undefined) return testResult('DeLong', delong);
  const auc = aucIn(comparison, metric);
  if (auc !== undefined) return testResult('paired bootstrap', auc);
  if (metric !== 'accuracy' || 'perFinding' in comparison) return null;
  return comparison.accuracy === null
    ? testResult('paired bootstrap', comparison.metrics.accuracy!)
    : testResult('McNemar mid-p', { pValue: comparison.accuracy.midPValue });
}

/** The paired bootstrap of a metric; undefined if the comparison does not have it. */
export const differenceIn = (
  { metrics }: TaskComparison,
  metric: TaskMetric,
): BootstrapComparison | undefined =>
  (metrics as Partial<Record<TaskMetric, BootstrapComparison>>)[metric];

/** The test of an AUC: of the mean over classes or findings, or of one finding. */
function aucIn(comparison: TaskComparison, metric: TaskMetric): AucComparison | undefined {
  if (metric === 'auc') return comparison.auc;
  if (!('perFinding' in comparison)) return undefined;
  return comparison.perFinding.find(({ finding }) => metric === `auc of ${finding}`)?.auc;
}

/** DeLong's test of a metric, if it is an AUC and that test applies; patients and means over findings are resampled instead. */
function delongIn(comparison: TaskComparison, metric: TaskMetric): AucComparison | undefined {
  const isMean = metric === 'auc' && 'perFinding' in comparison;
  return comparison.groups !== null || isMean ? undefined : aucIn(comparison, metric);
}

/** The p value of a difference: DeLong's test where it applies, McNemar's mid-p for top-1 accuracy, else the paired bootstrap. */
export function comparisonPValue(comparison: TaskComparison, metric: TaskMetric): number | null {
  const auc = aucIn(comparison, metric);
  if (auc !== undefined) return auc.pValue;
  return metric === 'accuracy' && 'accuracy' in comparison && comparison.accuracy !== null
    ? comparison.accuracy.midPValue
    : (differenceIn(comparison, metric)?.pValue ?? null);
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
  'paired t over repeats': 'paired t test over repeats',
  DeLong: "DeLong's test",
  'McNemar mid-p': "McNemar's mid-p test",
  'paired bootstrap': 'paired bootstrap',
};
