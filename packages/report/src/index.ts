// Statistics of an experiment
export { summarizeExperiment, type SummaryOptions } from './statistics/summarizeExperiment.js';
export type {
  DifferenceTest,
  ExperimentSummary,
  MetricComparison,
  MetricSummary,
  RowComparison,
  RowSummary,
  Verdict,
} from './statistics/experimentSummary.js';
export { describeOutOfFold, type OutOfFoldSummary } from './statistics/outOfFoldSummary.js';
export type { SummaryMetric } from './statistics/summaryMetrics.js';

// Its tables
export { renderSummary } from './experimentTables/renderSummary.js';
export { summaryToText, type TextOptions } from './experimentTables/summaryToText.js';
export { type OutOfFoldTables, outOfFoldTables } from './experimentTables/outOfFoldTable.js';
export { tableFormats, type TableFormat } from './tables/renderTable.js';

// Runs on the same test images
export {
  type ComparedRun,
  compareRunRecords,
  type RunDifference,
  type RunsComparison,
  type RunsComparisonOptions,
} from './compare/compareRunRecords.js';
export { renderRuns } from './compare/renderRuns.js';
export { runsToText } from './compare/runsToText.js';
export { shortNames } from './compare/shortNames.js';

// Single models
export {
  cautionText,
  type JudgedModel,
  recordedCautions,
  resultCautions,
} from './statistics/resultCautions.js';
export { renderSubgroups } from './subgroups/renderSubgroups.js';
export { subgroupsToText } from './subgroups/subgroupsToText.js';
export { comparisonTable } from './tables/comparisonTable.js';
export { type Correction, describeComparison } from './tables/describeComparison.js';
export { evaluationTable, type NamedReport } from './tables/evaluationTable.js';
export { findingTables } from './tables/findingTables.js';
export { evaluationRemarks, intervalText } from './tables/evaluationRemarks.js';
export { type Table, transposeTable } from './tables/table.js';

// Decisions
export { decisionLines, operatingLines, thresholdText } from './decision/describeDecision.js';
