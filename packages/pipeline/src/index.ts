export { type RunConfig, diskRunSchema, syntheticRunSchema } from './config/runConfigSchema.js';
export type { RunOutcome } from './run/completeRun.js';
export {
  explainRun,
  type ExplainRunOptions,
  type RunExplanation,
} from './explanation/explainRun.js';
export { resumeRun } from './run/resumeRun.js';
export { startRun, type StartRunOptions } from './run/startRun.js';
export {
  type RawOptions,
  isPlainObject,
  mergeOptions,
  omitKeys,
  setOption,
} from './config/mergeOptions.js';
export { runModelOptions, configurableOptions } from './config/modelOptions.js';
export { chooseKernels } from './run/runEngine.js';
export { absolutePaths } from './config/absolutePaths.js';
export { parseRunConfig } from './config/parseRunConfig.js';
export {
  type NotedDataset,
  type OpenRunDataOptions,
  openRunDataset,
  runSplitOptions,
  openRunData,
  type RunData,
} from './data/runData.js';
export {
  demonstrationConfig,
  type DemonstrationOptions,
  demonstrationModels,
  runDemonstration,
  type DemonstrationResult,
} from './demonstration/runDemonstration.js';
export { evaluateModel, type ModelEvaluation } from './inference/evaluateModel.js';
export { explainImages, type ExplainImagesOptions } from './explanation/explainImages.js';
export { openExportedModel, type ExportedModel } from './inference/openExportedModel.js';
export {
  predictImages,
  predictSamples,
  type PredictSamplesOptions,
} from './inference/predictImages.js';
export {
  panelOfRuns,
  type PanelOptions,
  type PanelRun,
  type RunsPanel,
} from './explanation/panel/panelOfRuns.js';
export type { ImageChoice } from './explanation/explainedSamples.js';
export type { LayerSummary, MeanInterval } from './explanation/summarizeExplanations.js';
export { compareRuns } from './run/compareRuns.js';
export { evaluateRun, type EvaluateRunOptions, type RunEvaluation } from './run/evaluateRun.js';
export type { ProgressListener } from './run/progressListener.js';
