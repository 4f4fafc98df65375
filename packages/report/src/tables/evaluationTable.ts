import type { EvaluationReport } from '@nonlocal-med/metrics';
import { estimateText } from './estimateText.js';
import { shownMetrics } from './shownMetrics.js';
import type { Table } from './table.js';

/** A report and what to call it. */
export interface NamedReport {
  readonly name: string;
  readonly report: EvaluationReport;
}

/** One report a row, one metric a column, each with its interval. */
export function evaluationTable(reports: readonly NamedReport[]): Table {
  return {
    columns: [
      { title: '' },
      ...shownMetrics.map(([title]) => ({ title, align: 'right' as const })),
    ],
    rows: reports.map(({ name, report }) => [
      name,
      ...shownMetrics.map(([, metric]) => estimateText(report.metrics[metric])),
    ]),
  };
}
