// Definitions and plans
export { builtinExperiment } from './builtinExperiments.js';
export { crossValidation } from './crossValidation.js';
export { type ExperimentDefinition, experimentSchema } from './experimentSchema.js';
export {
  type ExperimentPlan,
  planExperiment,
  type PlannedRow,
  type PlannedRun,
} from './planExperiment.js';

// From a plan to a table of runs
export { type PreparedExperiment, prepareExperiment } from './prepareExperiment.js';
export { estimateExperiment, type RowEstimate } from './estimateExperiment.js';
export { epochsWithin, estimateRun } from './estimateRun.js';
export { findBatchSize, type FindBatchSizeOptions, type FoundBatchSize } from './findBatchSize.js';
export { readAvailableMemory } from './memoryLimiter.js';
export { provideWeights } from './rowWeights.js';
export { openExperiment } from './openExperiment.js';
export {
  type ExperimentListener,
  type ExperimentOutcome,
  runExperiment,
  type RunExperimentOptions,
} from './runExperiment.js';
export {
  explainExperiment,
  type ExplainExperimentOptions,
  type ExplainFailure,
} from './explainExperiment.js';
