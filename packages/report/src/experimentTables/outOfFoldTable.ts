import { reportedMetric } from '@nonlocal-med/metrics';
import type { ExperimentSummary, RowSummary } from '../statistics/experimentSummary.js';
import { describeOutOfFold, type OutOfFoldSummary } from '../statistics/outOfFoldSummary.js';
import {
  mainMetrics,
  metricsOfFindings,
  type SummaryMetricInfo,
} from '../statistics/summaryMetrics.js';
import type { Table } from '../tables/table.js';

/** The tables of one row, and what they mean. */
export interface OutOfFoldTables {
  /** `ResNet18: out-of-fold results of 5 folds`. */
  readonly title: string;
  readonly tables: readonly Table[];
  /** Sentences below the last table. */
  readonly notes: readonly string[];
}

/** Most folds that are listed one by one. */
const MOST_FOLDS = 20;
/** Columns of metrics that fit 80 characters. */
const METRICS_PER_TABLE = 4;

/**
 * For each row that is a complete cross-validation: every fold (of the only row that was trained), their mean, the pooled values of
 * the out-of-fold predictions, and intervals of both. Of findings, further tables have the AUC of each.
 */
export function outOfFoldTables(summary: ExperimentSummary): OutOfFoldTables[] {
  const rows = summary.rows.filter(({ outOfFold }) => outOfFold !== undefined);
  const trained = rows.filter(({ system }) => system === undefined);
  const findings = metricsOfFindings(summary);
  const groups = [
    mainMetrics(summary),
    ...Array.from({ length: Math.ceil(findings.length / METRICS_PER_TABLE) }, (_, i) =>
      findings.slice(i * METRICS_PER_TABLE, (i + 1) * METRICS_PER_TABLE),
    ),
  ];
  return rows.map((row, i) => ({
    title: `${row.title}: out-of-fold results of ${row.outOfFold!.folds.length} folds in percent, ${100 * summary.confidence} % intervals`,
    tables: groups.map((metrics) =>
      tableOf(row, row.outOfFold!, {
        metrics,
        perFold:
          (rows.length === 1 || (trained.length === 1 && row === trained[0])) &&
          row.outOfFold!.folds.length <= MOST_FOLDS,
      }),
    ),
    notes: i === rows.length - 1 ? describeOutOfFold(row.outOfFold!) : [],
  }));
}

function tableOf(
  { metrics: overFolds }: RowSummary,
  { images, folds, overFolds: intervals, pooled }: OutOfFoldSummary,
  {
    metrics,
    perFold,
  }: {
    readonly metrics: readonly SummaryMetricInfo[];
    readonly perFold: boolean;
  },
): Table {
  const line = (title: string, cellOf: (metric: SummaryMetricInfo) => string): string[] => [
    title,
    ...metrics.map(cellOf),
  ];
  return {
    columns: [
      { title: '' },
      ...metrics.map(({ short }) => ({ title: short, align: 'right' as const })),
    ],
    rows: [
      ...(perFold
        ? folds.map((size, fold) =>
            line(`fold ${fold + 1}, ${size} images`, (metric) =>
              valueText(overFolds[metric.name].values[fold], metric),
            ),
          )
        : []),
      line('mean ± std', (metric) => {
        const { mean, standardDeviation } = overFolds[metric.name];
        const spread =
          standardDeviation === null ? '' : ` ± ${valueText(standardDeviation, metric)}`;
        return `${valueText(mean, metric)}${spread}`;
      }),
      line('interval of mean', (metric) => rangeText(intervals[metric.name].interval, metric)),
      line(`pooled, ${images} images`, (metric) =>
        valueText(reportedMetric(pooled, metric.name).value, metric),
      ),
      line('interval, pooled', (metric) =>
        rangeText(reportedMetric(pooled, metric.name).interval ?? null, metric),
      ),
    ],
  };
}

function valueText(value: number | null, { percent }: SummaryMetricInfo): string {
  if (value === null) return '-';
  return percent ? (100 * value).toFixed(2) : value.toFixed(3);
}

function rangeText(
  interval: { readonly lower: number; readonly upper: number } | null,
  { percent }: SummaryMetricInfo,
): string {
  if (interval === null) return '-';
  const [scale, digits] = percent ? [100, 1] : [1, 2];
  return `${(scale * interval.lower).toFixed(digits)} to ${(scale * interval.upper).toFixed(digits)}`;
}
