export { attributeKey, findAttribute } from './attributeNames.js';
export {
  csvPath,
  csvText,
  distinctColumn,
  parseCsv,
  type CsvOptions,
  type CsvRecord,
} from './csv.js';
export { count, formatBytes, quoteForShell, suggestName, unknownName } from './messages.js';
export { commandLine, wrapText } from './terminalText.js';
export { createRandom, restoreRandom, type Random, type RandomState } from './random.js';
export { createRegistry, type Registry } from './registry.js';
export { type BatchPart, partOfSource, partRows } from './batchPart.js';
export type {
  Batch,
  BatchSource,
  Dataset,
  FindingPredictions,
  PixelData,
  Pixels,
  Sample,
  SkippedFile,
  SplitName,
  Task,
  TaskPredictions,
  Predictions,
} from './dataset.js';
export {
  defaultPreprocessing,
  IMAGENET_STD,
  IMAGENET_MEAN,
  type Contrast,
  type FileWindow,
  type PixelValues,
  type Fit,
  type Preprocessing,
} from './preprocessing.js';
export { type PrecisionChoice, precisionChoices } from './precision.js';
export { type ViewsChoice, viewsChoices } from './views.js';
export { InputError, throwIssues, type Issue, UnavailableError } from './errors.js';
export { parseOptions, schemaIssues, type ParsedInput } from './parseOptions.js';
export { listSchemaOptions, optionValue, type SchemaOption } from './schemaOptions.js';
export { argmaxRows, logitProbabilities, softmaxRows } from './rows.js';
export { saliencyColor, saliencyColors, saliencyGradient } from './saliencyColors.js';
export {
  isAttentionMethod,
  type SaliencyMap,
  saliencyMapTitle,
  type SaliencyMethod,
  saliencyMethods,
} from './saliencyMethods.js';
export type { StepSeeded, TrainingEvent } from './trainingEvent.js';
