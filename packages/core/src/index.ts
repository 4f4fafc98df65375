export { csvField, parseCsv, type CsvRecord } from './csv.js';
export { count } from './count.js';
export { createRandom, restoreRandom, type Random, type RandomState } from './random.js';
export { createRegistry, type Registry } from './registry.js';
export type { Batch, BatchSource, Dataset, Pixels, Sample, SkippedFile } from './dataset.js';
export {
  defaultPreprocessing,
  IMAGENET_STD,
  IMAGENET_MEAN,
  type Contrast,
  type Preprocessing,
} from './preprocessing.js';
export { InputError, throwIssues, type Issue } from './inputError.js';
export type { Predictions } from './predictions.js';
export { parseOptions, schemaIssues, type ParsedInput } from './parseOptions.js';
export { argmaxRows, softmaxRows } from './rows.js';
export { suggestName, unknownName } from './suggestName.js';
export type { StepSeeded, TrainingEvent } from './trainingEvent.js';
export { UnavailableError } from './unavailableError.js';
