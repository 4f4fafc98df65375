import { count } from '@nonlocal-med/core';
import {
  compareTask,
  correctedResampledTest,
  holm,
  meanAndStandardDeviation,
  pairedTTest,
  reportedMetric,
  type TaskComparison,
  type TaskComparisonOptions,
} from '@nonlocal-med/metrics';
import type { RepeatKind } from '@nonlocal-med/runs';
import { formatPStatement } from '../tables/numberText.js';
import { type FinishedRepeat, onCommonResults } from './commonResults.js';
import { testNames, testOnImages, testRepeat, testResult } from './differenceTest.js';
import type { DifferenceTest, MetricComparison, RowComparison } from './experimentSummary.js';
import { MINIMUM_REPEATS } from './fewRepeats.js';
import type { RowRuns } from './rowRuns.js';
import { sameImages } from './sameImages.js';
import {
  adjustFamilies,
  mapMetrics,
  metricsOfFindings,
  type MetricSubject,
  type SummaryMetric,
  summaryMetrics,
} from './summaryMetrics.js';
import { systemOf } from './systemRows.js';

/** How repeats differ from each other, and how differences are tested. */
export interface RowComparisonOptions {
  /** The task and the classes or findings of all rows. */
  readonly subject: MetricSubject;
  readonly kind: RepeatKind;
  /** Adjusted p values below this count as significant. */
  readonly level: number;
  readonly confidence: number;
  /** Bootstrap resamples, and their seed. */
  readonly resamples: number;
  readonly seed: number;
}

/** The comparisons of a table. */
export interface ComparedRows {
  /** One per row; null for a row that has no baseline or no runs. */
  readonly comparisons: readonly (RowComparison | null)[];
  /** Repeats that could not be compared, one sentence each. */
  readonly problems: readonly string[];
}

/**
 * Compares each row with its baseline in every repeat that both have finished: tests the difference in each metric,
 * adjusts the p values for the number of comparisons in that metric, and decides which differences are significant.
 */
export function compareRows(rows: readonly RowRuns[], options: RowComparisonOptions): ComparedRows {
  const tested = rows.map((row) => {
    const baseline = rows.find(({ row: { key } }) => key === row.row.baseline);
    return baseline === undefined || row.runs.length === 0 ? null : testRow(row, baseline, options);
  });
  const present = tested.filter((row) => row !== null);
  const { subject, level } = options;
  const tests = mapMetrics(subject, (metric) => present.map(({ metrics }) => metrics[metric]));
  const adjusted = adjustFamilies(subject, tests, adjustTests);
  const judged = mapMetrics(subject, (metric) =>
    adjusted[metric].map((tested) => judgeDifference(tested, level)),
  );
  return {
    comparisons: tested.map((row) =>
      row === null
        ? null
        : {
            baseline: row.baseline,
            repeats: row.repeats,
            metrics: mapMetrics(subject, (metric) => judged[metric][present.indexOf(row)]),
          },
    ),
    problems: present.flatMap(({ problems }) => problems),
  };
}

/** The tests of one metric before adjustment and verdict, which need all comparisons of the table. */
type MetricTests = Omit<MetricComparison, 'verdict' | 'because'>;

interface RowTests {
  readonly baseline: string;
  readonly repeats: readonly number[];
  readonly metrics: Record<SummaryMetric, MetricTests>;
  readonly problems: readonly string[];
}

/** A row and its baseline in one repeat, on the same test images. */
interface RepeatPair {
  readonly row: FinishedRepeat;
  readonly baseline: FinishedRepeat;
  /** DeLong's and McNemar's tests; with patients, the paired bootstrap over whole patients. */
  readonly comparison: TaskComparison;
}

function testRow(row: RowRuns, baseline: RowRuns, options: RowComparisonOptions): RowTests {
  const problems: string[] = [];
  const isPartial = [row, baseline].some((one) => (systemOf(one)?.missing ?? 0) > 0);
  const pairs = row.repeats.map((own, repeat): RepeatPair | null => {
    const theirs = baseline.repeats[repeat];
    if (own.report === null || theirs.report === null) return null;
    const [result, other] = isPartial ? onCommonResults(own, theirs) : [own, theirs];
    if (!sameImages(result.predictions, other.predictions)) {
      problems.push(
        `${row.row.key}, repeat ${repeat + 1}: not compared, because it was tested on different images than ${baseline.row.key}`,
      );
      return null;
    }
    const comparison = compareTask(result.predictions, other.predictions, {
      ...resampledTests(result, other, options),
      confidence: options.confidence,
    });
    return { row: result, baseline: other, comparison };
  });
  const present = pairs.filter((pair) => pair !== null);
  const pooled =
    options.kind === 'seeds' && present.length > 0 ? compareOnImages(present, options) : null;
  return {
    baseline: baseline.row.key,
    repeats: pairs.flatMap((pair, repeat) => (pair === null ? [] : [repeat])),
    metrics: mapMetrics(options.subject, (metric) =>
      testMetric(metric, pairs, { pooled, ...options }),
    ),
    problems,
  };
}

/** What the tests of a single repeat need by resampling: nothing where DeLong's and McNemar's tests apply. */
function resampledTests(
  row: FinishedRepeat,
  baseline: FinishedRepeat,
  { subject, resamples, seed }: RowComparisonOptions,
): TaskComparisonOptions {
  const isGrouped = (row.predictions.groups ?? baseline.predictions.groups) !== undefined;
  if (subject.task === 'multilabel') {
    const ofFindings = metricsOfFindings(subject).map(({ name }) => name);
    return { metrics: ['auc', ...(isGrouped ? ofFindings : [])], resamples, seed };
  }
  return isGrouped
    ? { metrics: ['auc', 'accuracy'], resamples, seed }
    : { metrics: [], resamples: 1 };
}

/** Compares the models of all seeds on their one test set; metrics are averaged over seeds. */
function compareOnImages(
  pairs: readonly RepeatPair[],
  { subject, confidence, resamples, seed }: RowComparisonOptions,
): TaskComparison {
  return compareTask(
    pairs.map(({ row }) => row.predictions),
    pairs.map(({ baseline }) => baseline.predictions),
    { metrics: summaryMetrics(subject).map(({ name }) => name), confidence, resamples, seed },
  );
}

function testMetric(
  metric: SummaryMetric,
  pairs: readonly (RepeatPair | null)[],
  { pooled, ...options }: RowComparisonOptions & { pooled: TaskComparison | null },
): MetricTests {
  const values = pairs.map((pair): PairedValues | null => {
    if (pair === null) return null;
    const { trainCount, testCount, report } = pair.row;
    const { value } = reportedMetric(report, metric);
    const { value: baseline } = reportedMetric(pair.baseline.report, metric);
    return value === null || baseline === null ? null : { value, baseline, trainCount, testCount };
  });
  const defined = values.filter((pair) => pair !== null);
  const { mean, standardDeviation } = meanAndStandardDeviation(
    defined.map(({ value, baseline }) => value - baseline),
  );
  return {
    differences: values.map((pair) => (pair === null ? null : pair.value - pair.baseline)),
    mean,
    standardDeviation,
    overRepeats: withReason(testOverRepeats(defined, options), whyUndefined(metric, pairs)),
    onImages: pooled && testOnImages(metric, pooled),
    perRepeat: pairs.map((pair) => pair && testRepeat(metric, pair.comparison)),
  };
}

/** Why a metric of one of the two rows is not defined, if it is not in any repeat; such as: only decisions are given. */
function whyUndefined(
  metric: SummaryMetric,
  pairs: readonly (RepeatPair | null)[],
): string | undefined {
  const reasons = pairs.flatMap((pair) => {
    if (pair === null) return [];
    const [own, theirs] = [pair.row, pair.baseline].map(({ report }) =>
      reportedMetric(report, metric),
    );
    if (own.value !== null && theirs.value !== null) return [null];
    return own.undefinedBecause ?? theirs.undefinedBecause ?? [];
  });
  return reasons.includes(null) ? undefined : (reasons[0] ?? undefined);
}

/** A test that has no result for a reason that lies before it. */
const withReason = (test: DifferenceTest, reason: string | undefined): DifferenceTest =>
  reason === undefined ? test : { ...test, undefinedBecause: reason };

/** A metric of the two rows in one repeat, with the sizes of the training and the test set. */
interface PairedValues {
  readonly value: number;
  readonly baseline: number;
  readonly trainCount: number;
  readonly testCount: number;
}

/**
 * Tests a difference over repeats. Splits and folds share training images, so their differences are not independent:
 * they get Nadeau and Bengio's correction (2003) with the mean sizes of the training and test sets. Seeds on one split
 * are independent given that split, which takes a plain paired t test; its result applies to this split only. Repeats
 * with new images share nothing, so that the same test applies to all images of their kind.
 */
function testOverRepeats(
  pairs: readonly PairedValues[],
  { kind, confidence }: Pick<RowComparisonOptions, 'kind' | 'confidence'>,
): DifferenceTest {
  const values = pairs.map(({ value }) => value);
  const baselines = pairs.map(({ baseline }) => baseline);
  if (kind === 'seeds' || kind === 'images')
    return testResult(
      kind === 'seeds' ? 'paired t over seeds' : 'paired t over repeats',
      pairedTTest(values, baselines, { confidence }),
    );
  if (pairs.length === 0)
    return testResult('corrected resampled t', {
      pValue: null,
      degreesOfFreedom: 0,
      undefinedBecause: 'a t test needs at least two pairs, got 0',
    });
  const meanSize = (size: 'trainCount' | 'testCount'): number =>
    pairs.reduce((sum, pair) => sum + pair[size], 0) / pairs.length;
  return testResult(
    'corrected resampled t',
    correctedResampledTest(values, baselines, {
      trainCount: meanSize('trainCount'),
      testCount: meanSize('testCount'),
      confidence,
    }),
  );
}

/**
 * Fills in Holm's adjusted p values of one metric over all comparisons of a table. Tests over repeats, tests on the
 * same images and tests of single repeats are three separate families.
 */
function adjustTests(comparisons: readonly MetricTests[]): MetricTests[] {
  const overRepeats = adjustFamily(comparisons.map((comparison) => comparison.overRepeats));
  const onImages = adjustFamily(comparisons.map((comparison) => comparison.onImages));
  const perRepeat = adjustFamily(comparisons.flatMap((comparison) => comparison.perRepeat));
  let next = 0;
  return comparisons.map((comparison, i) => ({
    ...comparison,
    overRepeats: overRepeats[i]!,
    onImages: onImages[i],
    perRepeat: comparison.perRepeat.map(() => perRepeat[next++]),
  }));
}

function adjustFamily(tests: readonly (DifferenceTest | null)[]): (DifferenceTest | null)[] {
  const adjusted = holm(tests.map((test) => test?.pValue ?? null));
  return tests.map((test, i) => test && { ...test, adjusted: adjusted[i] });
}

/**
 * Decides whether a difference is statistically significant: the test over repeats must have an adjusted p value below
 * `level`, and so must the test on the images where all repeats share one test set.
 */
function judgeDifference(comparison: MetricTests, level: number): MetricComparison {
  const repeats = comparison.differences.filter((difference) => difference !== null).length;
  const tests = [comparison.overRepeats, comparison.onImages].filter((test) => test !== null);
  const undecided = tests.find(({ adjusted }) => adjusted === null);
  if (repeats < MINIMUM_REPEATS)
    return {
      ...comparison,
      verdict: 'too few repeats',
      because: `both models have finished ${count(repeats, 'repeat')}, at least ${MINIMUM_REPEATS} are needed`,
    };
  if (undecided !== undefined)
    return {
      ...comparison,
      verdict: 'undefined',
      because: `${testNames[undecided.test]}: ${undecided.undefinedBecause ?? 'not defined'}`,
    };
  return {
    ...comparison,
    verdict: tests.every(({ adjusted }) => adjusted! < level) ? 'significant' : 'not significant',
    because: tests
      .map(({ test, adjusted }) => `${testNames[test]}, adjusted ${formatPStatement(adjusted!)}`)
      .join('; '),
  };
}
