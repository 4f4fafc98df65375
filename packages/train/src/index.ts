export { fit } from './fit.js';
export type { FitOptions } from './loop/fitOptions.js';
export { restoreKernelChoices } from './loop/takeKernelChoices.js';
export { DivergedError } from './loop/divergedError.js';
export {
  trainOptionsSchema,
  type TrainOptions,
  type TrainOptionsInput,
} from './options/trainOptionsSchema.js';
export { resolveTrainOptions } from './options/resolveTrainOptions.js';
export type { ScheduleOptions, ScheduleOptionsInput } from './options/scheduleOptionsSchema.js';
export { learningRateAt, type ScheduleContext } from './schedule/learningRateAt.js';
export { predict, type PredictOptions } from './evaluate/predict.js';
export { meanLoss } from './evaluate/meanLoss.js';
export { evaluateClassifier } from './evaluate/evaluateClassifier.js';
export { validationMetrics, classifierMetrics } from './evaluate/validationMetrics.js';
export { createAdam } from './optimizer/createAdam.js';
export { portableAdam } from './optimizer/portableAdam.js';
export { copyAdamState } from './optimizer/copyAdamState.js';
export type { AdamOptions, AdamState, LiveAdamState, Optimizer } from './optimizer/optimizer.js';
export { namedWeights, type NamedWeight } from './weights/namedWeights.js';
export { snapshotWeights } from './weights/readWeights.js';
export { restoreWeights } from './weights/restoreWeights.js';
export { liveWeights } from './weights/liveWeights.js';
export type { LiveWeight, LiveWeights, WeightValue, WeightValues } from './weights/weightValues.js';
export { saveCheckpoint } from './checkpoint/saveCheckpoint.js';
export { loadCheckpoint, type LoadedCheckpoint } from './checkpoint/loadCheckpoint.js';
export type { Checkpoint, LiveCheckpoint } from './checkpoint/checkpoint.js';
export type { EpochRecord, TrainingProgress } from './checkpoint/trainingProgress.js';
export { bestEpoch } from './selection/bestEpoch.js';
