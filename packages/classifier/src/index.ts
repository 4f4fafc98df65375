// A trained model in one call
export { loadClassifier } from './loadClassifier.js';
export type { Classifier, ClassifyOptions } from './createClassifier.js';
export { type Classification, type ClassMap, shownProbabilities } from './classification.js';
export type { ExplainOptions } from './explainPixels.js';
export type { ComputeBackend } from './backendPrecision.js';
export type { SelfTestResult } from './selfTest.js';
export type { ModelSource, ReadFile } from './modelSource.js';

// Its parts, from which `pipeline` builds the same for files in batches
export { type ExportedNetwork, loadNetwork, withoutNormalization } from './exportedNetwork.js';
export { createSelfTest, describeFailure, testPixels } from './selfTest.js';
export { checkDecisionLabels, decideOutput } from './classification.js';
export { applyNetwork, type NetworkOutput, prepareInput } from './applyNetwork.js';
export { imageNotes, type ReadingFacts } from './imageNotes.js';
export { mapIssues, type MappedModel, resolveMaps } from './maps/explanationMaps.js';
export {
  classIssues,
  type ClassesOf,
  explainableImage,
  type ExplainableImage,
  FINDING_THRESHOLD,
  MOST_EXPLAINED,
  readClasses,
} from './maps/explainedClasses.js';
export { mahalanobis } from './unlike/mahalanobis.js';
export { createUnlikeCheck, type UnlikeCheck, type UnlikeImage } from './unlike/unlikeCheck.js';
export type { UnlikeReason } from './unlike/unlikeReasons.js';
