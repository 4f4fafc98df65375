export { comparisonTable } from './comparisonTable.js';
export { describeComparison } from './describeComparison.js';
export { estimateText } from './estimateText.js';
export { evaluationTable, type NamedReport } from './evaluationTable.js';
export { pValueText } from './pValueText.js';
export { transposeTable } from './transposeTable.js';
export type { Table } from './table.js';
