export { builtinExperiment, builtinExperimentNames } from './builtinExperiments.js';
export { estimateExperiment, type RowEstimate } from './estimateExperiment.js';
export { experimentSchema, type ExperimentDefinition } from './experimentSchema.js';
export {
  explainExperiment,
  type ExplainExperimentOptions,
  type ExplainFailure,
} from './explainExperiment.js';
export { openExperiment } from './openExperiment.js';
export {
  planExperiment,
  type ExperimentPlan,
  type PlannedRow,
  type PlannedRun,
} from './planExperiment.js';
export { prepareExperiment, type PreparedExperiment } from './prepareExperiment.js';
export { provideWeights } from './rowWeights.js';
export {
  runExperiment,
  type ExperimentListener,
  type ExperimentOutcome,
  type RunExperimentOptions,
} from './runExperiment.js';
export { paperResult, type PaperResult, paperTableNotes } from './paper/paperResult.js';
export {
  paperNotes,
  type PaperNote,
  paperTables,
  type PaperData,
  type PaperTable,
  type PaperTableName,
} from './paper/paperTables.js';
