export { mergeOptions, type RawOptions } from './config/mergeOptions.js';
export { parseRunConfig } from './config/parseRunConfig.js';
export { diskRunSchema, syntheticRunSchema, type RunConfig } from './config/runConfigSchema.js';
export { setOption } from './config/setOption.js';
export { openRunData } from './data/openRunData.js';
export {
  openRunDataset,
  type NotedDataset,
  type OpenRunDataOptions,
} from './data/openRunDataset.js';
export type { RunData } from './data/runData.js';
export { runSplitOptions } from './data/runSplitOptions.js';
export {
  demonstrationConfig,
  type DemonstrationOptions,
} from './demonstration/demonstrationConfig.js';
export {
  demonstrationModels,
  runDemonstration,
  type DemonstrationResult,
} from './demonstration/runDemonstration.js';
export { evaluateModel, type ModelEvaluation } from './exported/evaluateModel.js';
export { explainImages, type ExplainImagesOptions } from './exported/explainImages.js';
export { openExportedModel, type ExportedModel } from './exported/openExportedModel.js';
export { predictImages } from './exported/predictImages.js';
export { predictSamples, type PredictSamplesOptions } from './exported/predictSamples.js';
export { explainRun, type ExplainRunOptions, type RunExplanation } from './explained/explainRun.js';
export {
  panelOfRuns,
  type PanelOptions,
  type PanelRun,
  type RunsPanel,
} from './explained/panel/panelOfRuns.js';
export type { ImageChoice } from './explained/chooseImages.js';
export type { LayerSummary } from './explained/summariseExplanations.js';
export type { MeanInterval } from './explained/meanInterval.js';
export { configurableOptions } from './model/configurableOptions.js';
export { compareRuns } from './run/compareRuns.js';
export type { RunOutcome } from './run/completeRun.js';
export { evaluateRun, type EvaluateRunOptions, type RunEvaluation } from './run/evaluateRun.js';
export { isRunFolder } from './run/isRunFolder.js';
export type { ProgressListener } from './run/progressListener.js';
export { resumeRun } from './run/resumeRun.js';
export type { RunMetrics, WeightsChoice } from './run/runMetrics.js';
export { startRun, type StartRunOptions } from './run/startRun.js';
export { builtinExperiment, builtinExperimentNames } from './table/builtinExperiments.js';
export { embeddedBase } from './table/embeddedBase.js';
export { estimateExperiment, type RowEstimate } from './table/estimateExperiment.js';
export { experimentSchema, type ExperimentDefinition } from './table/experimentSchema.js';
export {
  explainExperiment,
  type ExplainExperimentOptions,
  type ExplainFailure,
} from './table/explainExperiment.js';
export { openExperiment } from './table/openExperiment.js';
export {
  planExperiment,
  type ExperimentPlan,
  type PlannedRow,
  type PlannedRun,
} from './table/planExperiment.js';
export { prepareExperiment, type PreparedExperiment } from './table/prepareExperiment.js';
export { provideWeights } from './table/provideWeights.js';
export {
  runExperiment,
  type ExperimentListener,
  type ExperimentOutcome,
  type RunExperimentOptions,
} from './table/runExperiment.js';
export { isFinished } from './table/isFinished.js';
