export { createRandom, restoreRandom, type Random, type RandomState } from './random.js';
export { createRegistry, type Registry } from './registry.js';
export type { Batch, BatchSource, Dataset, Pixels, Sample, SkippedFile } from './dataset.js';
export {
  defaultPreprocessing,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type Contrast,
  type Preprocessing,
} from './preprocessing.js';
export {
  EXPERIMENT_DEFINITION,
  EXPERIMENT_FILE,
  type ExperimentManifest,
  type ExperimentRow,
  type ExperimentRun,
  type PublishedResult,
  type RepeatKind,
} from './experimentManifest.js';
export {
  EXPLANATIONS,
  type ExplainedAttention,
  type ExplainedImage,
  type ExplainedMap,
  type ExplanationIndex,
  type MapScores,
  type PerturbationScores,
} from './explanationIndex.js';
export { InputError, throwIssues, type Issue } from './inputError.js';
export { paperNotes, type PaperNote } from './paperNotes.js';
export { paperResult, type PaperResult } from './paperResult.js';
export { paperTableNotes } from './paperTableNotes.js';
export {
  paperTables,
  type PaperData,
  type PaperTable,
  type PaperTableName,
} from './paperTables.js';
export type { Predictions } from './predictions.js';
export { parseOptions, schemaIssues, type ParsedInput } from './parseOptions.js';
export { suggestName, unknownName } from './suggestName.js';
export type { StepSeeded, TrainingEvent } from './trainingEvent.js';
export { UnavailableError } from './unavailableError.js';
