export { readTestPredictions } from './run/readTestPredictions.js';
export { type RunFolder } from './run/runFolder.js';
export { type RunMetrics, type WeightsChoice } from './run/runMetrics.js';
export { runFiles } from './run/runFiles.js';
export { openRunFolder } from './run/openRunFolder.js';
export { createRunFolder, type RunDescription } from './run/createRunFolder.js';
export { requireNewFolder } from './run/requireNewFolder.js';
export {
  type ExplainedImage,
  type ExplanationIndex,
  EXPLANATIONS,
  type ExplainedMap,
  type ExplainedAttention,
  type MapScores,
  type PerturbationScores,
} from './explanation/explanationIndex.js';
export { runStatus, type RunStatus } from './run/runStatus.js';
export { isRunFolder } from './run/isRunFolder.js';
export {
  type ExperimentManifest,
  type ExperimentRow,
  EXPERIMENT_DEFINITION,
  EXPERIMENT_FILE,
  type PublishedResult,
  type RepeatKind,
  type ExperimentRun,
} from './experiment/experimentManifest.js';
export { isFinished } from './experiment/isFinished.js';
export { experimentFiles, failureFileOf, claimFileOf } from './experiment/experimentFiles.js';
export { type RunFailure } from './experiment/runFailure.js';
export { readRun } from './record/readRun.js';
export { type RunRecord } from './record/runRecord.js';
export { isExperimentFolder } from './experiment/isExperimentFolder.js';
export { readExperimentFolder } from './experiment/readExperiment.js';
export { type ExperimentRecord, type ExperimentRunRecord } from './experiment/experimentRecord.js';
export { learningCurve, type EpochRecord } from './record/learningCurve.js';
export { type RunConfigRecord } from './record/runConfigSchema.js';
export { type RunEnvironmentRecord } from './record/runEnvironmentSchema.js';
export { type RunEventRecord } from './record/runEventSchema.js';
export { type RunMetricsRecord } from './record/runMetricsSchema.js';
export { type Explanations, readExplanations } from './explanation/readExplanations.js';
export { lockRun, lockHolder, type RunLock } from './run/lockRun.js';
export { readEvents } from './run/readEvents.js';
export { type LoggedEvent } from './run/loggedEvent.js';
export { openEventLog, type EventLog } from './run/openEventLog.js';
export { openScalarLog } from './tensorboard/openScalarLog.js';
