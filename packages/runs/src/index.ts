export { runFiles, isRunFolder, testPredictionsFile } from './run/runFiles.js';
export { openRunFolder, type RunFolder } from './run/runFolder.js';
export { createRunFolder, requireNewFolder, type RunDescription } from './run/createRunFolder.js';
export { readRun, type RunRecord } from './run/readRun.js';
export { runStatus, type RunStatus } from './run/runStatus.js';
export { damagedResults, RESULT_HASHES_FILE } from './run/resultHashes.js';
export { lockRun, type RunLock } from './run/runLock.js';
export type { RunConfigRecord, RunEnvironmentRecord } from './run/runDescription.js';
export {
  finalEvent,
  learningCurve,
  readEvents,
  type LoggedEpoch,
  type LoggedEvent,
} from './run/events.js';
export { openEventLog, type EventLog } from './run/eventLog.js';
export { openScalarLog, type ScalarLog } from './tensorboard/scalarLog.js';
export {
  type ImageRecord,
  readImageRecord,
  readSaltedRecord,
  type SaltedRecord,
  writeImageRecord,
  writeSaltedRecord,
} from './run/imageRecord.js';
export { readTrainingStatistics, writeTrainingStatistics } from './run/trainingStatistics.js';
export type { StatisticsGroup, TrainingStatistics } from './run/trainingStatisticsSchema.js';
export { writeSelfTest } from './run/selfTest.js';
export { type CardSection, modelCard, type ModelCard } from './card/modelCard.js';
export { writeModelCard } from './card/modelCardMarkdown.js';
export { parseModelCard } from './card/parseModelCard.js';
export { readDecision, writeDecision } from './decision/decisionRecord.js';
export type { DecisionRecord } from './decision/decisionSchema.js';
export {
  readValidationPredictions,
  writeValidationPredictions,
} from './run/validationPredictions.js';
export { writeViewPredictions } from './run/viewPredictions.js';
export { readRunMetrics, type RunMetrics } from './run/runMetrics.js';
export { parseYaml } from './parseYaml.js';
export type { WeightsChoice } from './schemaParts.js';
export { attributesToCsv } from './run/testAttributes.js';
export { readTestPredictions } from './run/testPredictions.js';
export { readTestDecisions, writeTestDecisions } from './run/testDecisions.js';
export {
  explanationFiles,
  readExplanations,
  type ExplainedAttention,
  type ExplainedImage,
  type ExplainedMap,
  type ExplanationIndex,
  type Explanations,
  type MapScores,
  type PerturbationScores,
} from './explanation/explanations.js';
export {
  claimFileOf,
  experimentFiles,
  experimentTableFile,
  failureFileOf,
  isExperimentFolder,
  isFinished,
} from './experiment/experimentFiles.js';
export type {
  ExperimentManifest,
  ExperimentRow,
  ExperimentRun,
  PublishedResult,
  RepeatKind,
} from './experiment/experimentManifest.js';
export {
  readExperimentFolder,
  readExperimentManifest,
  type ExperimentRecord,
  type ExperimentRunRecord,
  type RunFailure,
} from './experiment/readExperimentFolder.js';

export {
  headlineWeights,
  outOfFold,
  type OutOfFold,
  writeOutOfFold,
} from './experiment/outOfFold.js';
export { DEFAULT_FOLDS, plannedRows, repeatName, trainedRows } from './experiment/trainedRows.js';
export { combineExperiments } from './experiment/combineExperiments.js';

// Rows that are not one trained run
export type { SystemRecord } from './system/systemRecord.js';
export { type ExternalSource, externalRun, predictionsFileRun } from './system/externalRun.js';
export { checkSource, withExternalRows } from './system/externalRows.js';
export { ensembleRun } from './system/ensembleRun.js';
export { viewsRun } from './system/viewsRun.js';
export { onCommonImages } from './system/commonImages.js';
