// Configuration
export type { RunCluster } from './run/runCluster.js';
export { parseRunConfig, readRunConfig } from './config/parseRunConfig.js';
export { checkMoreEpochs } from './run/moreEpochs.js';
export { type RunConfig } from './config/runConfigSchema.js';
export { isPlainObject, mergeOptions, omitKeys, type RawOptions } from './config/mergeOptions.js';
export { hidePaths, isHiddenPath, revealPaths } from './config/hiddenPaths.js';
export { configurableOptions, runModelOptions } from './config/runModelOptions.js';
export { dataFlags } from './config/dataFlags.js';
export { resolveOptionPaths } from './config/resolveOptionPaths.js';
export {
  type OptionFlag,
  optionsOfFlags,
  parseAssignment,
  parseNumber,
  readYaml,
} from './config/optionSources.js';
export { upgradeOptions } from './config/renamedOptions.js';
export { absolutePaths } from './config/absolutePaths.js';
export { syntheticBase } from './config/syntheticBase.js';

// Data
export { describeObservations } from './data/describeObservations.js';
export { findShortcuts, type Shortcuts } from './data/shortcuts/findShortcuts.js';
export {
  type NotedDataset,
  openRunData,
  type OpenRunDataOptions,
  openRunDataset,
  type RunData,
  runSplitOptions,
} from './data/runData.js';
export { type ImagePreview, previewImages } from './sheets/previewImages.js';

// One run
export { startRun, type StartRunOptions } from './run/startRun.js';
export { testLearningRate, type LearningRateTestOptions } from './run/learningRateTest.js';
export { resumeRun } from './run/resumeRun.js';
export { type RunOutcome } from './run/completeRun.js';
export { evaluateRun, type EvaluateRunOptions, type RunEvaluation } from './run/evaluateRun.js';
export { type DecisionRequest } from './decision/decideRun.js';
export { type DecidedFile, decideFiles } from './decision/decideFiles.js';
export { openDecision } from './decision/openDecision.js';
export { compareRuns } from './run/compareRuns.js';
export { chooseKernels } from './run/runEngine.js';
export { leftToRun } from './run/decidedOptions.js';
export { settleLastBatch } from './run/lastBatch.js';
export { type ProgressListener } from './run/progressListener.js';

// Exported models
export { type ExportedModel, openExportedModel } from './inference/openExportedModel.js';
export {
  type PredictedFile,
  predictImages,
  type PredictOptions,
  type UnreadableFile,
} from './inference/predictImages.js';
export { type TestTimeAugmentation } from './inference/testTimeAugmentation.js';
export {
  evaluateEnsemble,
  type EvaluateEnsembleOptions,
  type EnsembleEvaluation,
} from './inference/ensemble.js';
export { describeMember, type EnsembleMember } from './inference/ensembleMembers.js';
export { memberFolders } from './inference/memberFolders.js';
export { predictTogether } from './inference/predictTogether.js';
export { findSeenByAny } from './inference/findSeenByAny.js';
export {
  hasTruth,
  type FileTest,
  type LabeledPrediction,
  testFiles,
} from './inference/testFiles.js';
export {
  evaluateModel,
  type EvaluateModelOptions,
  type ModelEvaluation,
} from './inference/evaluateModel.js';
export { describeSeen, excludeSeen, type SeenReport } from './seen/excludeSeen.js';
export { openSeenImages } from './seen/seenImages.js';
export { fitStatistics } from './unlike/fitStatistics.js';
export { describeUnlike, reportUnlike, type UnlikeReport } from './unlike/unlikeImages.js';
export {
  explainImages,
  type ExplainedClass,
  type ExplainImagesOptions,
  type ImagesExplained,
} from './explanation/explainImages.js';

// Other formats
export {
  exportTrained,
  type ExportTrainedOptions,
  type TrainedExport,
} from './export/exportTrained.js';
export { type ExportVerification, verifyExport } from './export/verifyExport.js';
export { type ExportMetadata } from './export/modelMetadata.js';

// Explanations
export {
  explainRun,
  type ExplainRunOptions,
  type RunExplanation,
} from './explanation/explainRun.js';
export { type ImageChoice } from './explanation/explainedSamples.js';
export { type MapSummary, type MeanInterval } from './explanation/summarizeExplanations.js';
export {
  panelOfRuns,
  type PanelOptions,
  type PanelRun,
  type RunsPanel,
} from './explanation/panel/panelOfRuns.js';

// Demonstration
export {
  demonstrationConfig,
  demonstrationModels,
  type DemonstrationOptions,
  type DemonstrationResult,
  runDemonstration,
} from './demonstration/runDemonstration.js';
