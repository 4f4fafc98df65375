import { holm, type TaskComparison } from '@nonlocal-med/metrics';
import type { RunRecord } from '@nonlocal-med/runs';
import { comparisonPValue, differenceIn } from '../statistics/differenceTest.js';
import type { SummaryMetric, SummaryMetricInfo } from '../statistics/summaryMetrics.js';
import { formatDifference, formatPValue } from '../tables/numberText.js';
import type { Table } from '../tables/table.js';

/** An ensemble in a comparison of runs, compared with each of its runs; plain JSON. */
export interface EnsembleComparison {
  readonly ensemble: string;
  readonly members: readonly MemberComparison[];
}

/** An ensemble compared with one of its runs. */
interface MemberComparison {
  readonly run: string;
  /** The ensemble (A) compared with the run (B). */
  readonly comparison: TaskComparison;
  /** P values of each metric, adjusted by Holm for the runs of the ensemble. */
  readonly adjusted: Readonly<Partial<Record<SummaryMetric, number | null>>>;
}

/**
 * Compares each ensemble with those of the runs that it is the mean of, on the same images.
 * @param options metrics: those that `compare` computes for a run (A) and another one (B)
 */
export function compareMembers(
  named: readonly { readonly name: string; readonly run: RunRecord }[],
  {
    metrics,
    compare,
  }: {
    readonly metrics: readonly SummaryMetric[];
    readonly compare: (a: RunRecord, b: RunRecord) => TaskComparison;
  },
): EnsembleComparison[] {
  return named.flatMap(({ name: ensemble, run: joined }) => {
    const { system } = joined;
    if (system?.kind !== 'ensemble') return [];
    const paths = system.sources.map(({ path }) => path);
    const members = named
      .filter(({ run }) => run.system === undefined && paths.includes(run.path))
      .map(({ name, run }) => ({ run: name, comparison: compare(joined, run) }));
    const adjusted = metrics.map((metric) =>
      holm(members.map(({ comparison }) => comparisonPValue(comparison, metric))),
    );
    return [
      {
        ensemble,
        members: members.map((member, i) => ({
          ...member,
          adjusted: Object.fromEntries(metrics.map((metric, m) => [metric, adjusted[m][i]])),
        })),
      },
    ];
  });
}

/** An ensemble and each of its runs in one metric: the run's value, the difference and its adjusted p value. */
export const membersTable = (
  { ensemble, members }: EnsembleComparison,
  { name, short }: SummaryMetricInfo,
): Table => ({
  columns: [
    { title: `${ensemble} against` },
    ...[short, 'ensemble - run', 'p (Holm)'].map((title) => ({ title, align: 'right' as const })),
  ],
  rows: members.map(({ run, comparison, adjusted }) => {
    const difference = differenceIn(comparison, name)!;
    return [
      run,
      difference.b?.toFixed(3) ?? '-',
      formatDifference(difference),
      formatPValue(adjusted[name] ?? null),
    ];
  }),
});

/** What {@link membersTable} adds to the comparison with the first run. */
export const MEMBERS_TEXT =
  'The last table compares the ensemble with each of its runs, corrected for their number; before it, all rows are compared with the first run.';
