export { fit } from './fit.js';
export type { FitOptions } from './loop/fitOptions.js';
export { requireAgreement } from './cluster/agreement.js';
export type { TrainingCluster } from './cluster/exchange.js';
export { lossWeightIssues } from './loop/taskLoss.js';
export { DivergedError } from './loop/trainLoop.js';
export {
  resolveTrainOptions,
  trainOptionIssues,
  trainOptionsSchema,
  type TrainOptions,
  type TrainOptionsInput,
} from './trainOptions.js';
export {
  dependsOnEpochs,
  type ScheduleOptions,
  type ScheduleOptionsInput,
} from './scheduleOptions.js';
export {
  findLearningRate,
  type FindLearningRateOptions,
  learningRateIssues,
  type LearningRatePoint,
  type LearningRateTest,
} from './findLearningRate.js';
export { learningRateAt, type ScheduleContext } from './learningRate.js';
export { createAdam, type AdamOptions } from './adam.js';
export { createOptimizer, type OptimizerOptions } from './createOptimizer.js';
export type { Optimizer, OptimizerState } from './optimizer.js';
export {
  createLogits,
  type Logits,
  MINIMUM_GRAPH_BATCHES,
  predict,
  type PredictOptions,
} from './predict.js';
export { evaluateClassifier, metricsOfTask } from './validationMetrics.js';
export {
  restoreWeights,
  type LiveWeight,
  type LiveWeights,
  type NamedWeight,
  type WeightValue,
  type WeightValues,
} from './weights.js';
export { saveCheckpoint } from './checkpoint/saveCheckpoint.js';
export { loadCheckpoint, type LoadedCheckpoint } from './checkpoint/loadCheckpoint.js';
export type {
  Checkpoint,
  EpochRecord,
  LiveCheckpoint,
  TrainingProgress,
} from './checkpoint/checkpoint.js';
export {
  type Precision,
  repeatPrecision,
  type ResolvedPrecision,
  resolvePrecision,
} from './precision.js';
export { restoreKernelChoices } from './restoreKernelChoices.js';
