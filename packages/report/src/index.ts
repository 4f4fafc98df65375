// Folders in

// An experiment's table
export { summarizeExperiment, type SummaryOptions } from './summary/summariseExperiment.js';
export type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
  MetricSummary,
  RowComparison,
  RowSummary,
  SummaryMetric,
  Verdict,
} from './summary/experimentSummary.js';
export { summaryMetrics, type SummaryMetricInfo } from './summary/summaryMetrics.js';

export { renderSummary } from './summary/renderSummary.js';
export { summaryToText, type TextOptions } from './summary/summaryToText.js';

// Runs on the same test images
export { compareRunRecords, type RunsComparisonOptions } from './compare/compareRunRecords.js';
export type { ComparedRun, RunDifference, RunsComparison } from './compare/runsComparison.js';
export { renderRuns } from './compare/renderRuns.js';
export { runsToText } from './compare/runsToText.js';
export { shortNames } from './compare/shortNames.js';

// Any table of text
export { renderTable } from './render/renderTable.js';
export { tableFormats, type TableFormat } from './render/tableFormats.js';

// Single runs as text
export { comparisonTable } from './tables/comparisonTable.js';
export { describeComparison, type Correction } from './tables/describeComparison.js';
export { estimateText } from './tables/estimateText.js';
export { evaluationTable, type NamedReport } from './tables/evaluationTable.js';
export { pValueText } from './tables/pValueText.js';
export { transposeTable } from './tables/transposeTable.js';
export type { Table } from './tables/table.js';
