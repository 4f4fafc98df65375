import { renderTable } from '../render/renderTable.js';
import type { TableFormat } from '../render/tableFormats.js';
import { summaryMetrics } from '../summary/summaryMetrics.js';
import type { RunsComparison } from './runsComparison.js';
import { runsTable } from './runsTable.js';
import { runsToCsv } from './runsToCsv.js';

/** A comparison of runs in one of the formats, as a file holds it. */
export function renderRuns(comparison: RunsComparison, format: TableFormat): string {
  if (format === 'csv') return runsToCsv(comparison);
  if (format === 'json') return `${JSON.stringify(comparison, null, 2)}\n`;
  return summaryMetrics
    .map((metric) => renderTable(runsTable(comparison, metric), format))
    .join('\n');
}
