export { type RunConfig, diskRunSchema, syntheticRunSchema } from './config/runConfigSchema.js';
export { type RunOutcome } from './run/completeRun.js';
export {
  explainRun,
  type ExplainRunOptions,
  type RunExplanation,
} from './explanation/explainRun.js';
export { resumeRun } from './run/resumeRun.js';
export { startRun, type StartRunOptions } from './run/startRun.js';
export { type RawOptions, isPlainObject, mergeOptions } from './config/mergeOptions.js';
export { omitKeys } from './config/omit.js';
export { runModelOptions } from './model/runModelOptions.js';
export { chooseKernels } from './run/chooseKernels.js';
export { absolutePaths } from './config/absolutePaths.js';
export { parseRunConfig } from './config/parseRunConfig.js';
export {
  type NotedDataset,
  type OpenRunDataOptions,
  openRunDataset,
} from './data/openRunDataset.js';
export { runSplitOptions } from './data/runSplitOptions.js';
export { setOption } from './config/setOption.js';
export { openRunData } from './data/openRunData.js';
export { type RunData } from './data/runData.js';
export {
  demonstrationConfig,
  type DemonstrationOptions,
} from './demonstration/demonstrationConfig.js';
export {
  demonstrationModels,
  runDemonstration,
  type DemonstrationResult,
} from './demonstration/runDemonstration.js';
export { evaluateModel, type ModelEvaluation } from './inference/evaluateModel.js';
export { explainImages, type ExplainImagesOptions } from './inference/explainImages.js';
export { openExportedModel, type ExportedModel } from './inference/openExportedModel.js';
export { predictImages } from './inference/predictImages.js';
export { predictSamples, type PredictSamplesOptions } from './inference/predictSamples.js';
export {
  panelOfRuns,
  type PanelOptions,
  type PanelRun,
  type RunsPanel,
} from './explanation/panel/panelOfRuns.js';
export { type ImageChoice } from './explanation/chooseImages.js';
export { type LayerSummary } from './explanation/summariseExplanations.js';
export { type MeanInterval } from './explanation/meanInterval.js';
export { configurableOptions } from './model/configurableOptions.js';
export { compareRuns } from './run/compareRuns.js';
export { evaluateRun, type EvaluateRunOptions, type RunEvaluation } from './run/evaluateRun.js';
export { type ProgressListener } from './run/progressListener.js';
