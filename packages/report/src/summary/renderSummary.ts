import type { TableFormat } from '../render/tableFormats.js';
import type { ExperimentSummary } from './experimentSummary.js';
import { summaryToCsv } from './summaryToCsv.js';
import { summaryToLatex } from './summaryToLatex.js';
import { summaryToMarkdown } from './summaryToMarkdown.js';

const renderers: Readonly<Record<TableFormat, (summary: ExperimentSummary) => string>> = {
  md: summaryToMarkdown,
  csv: summaryToCsv,
  tex: summaryToLatex,
  json: (summary) => `${JSON.stringify(summary, null, 2)}\n`,
};

/** A summary in one of the formats, as a file holds it. */
export function renderSummary(summary: ExperimentSummary, format: TableFormat): string {
  return renderers[format](summary);
}
