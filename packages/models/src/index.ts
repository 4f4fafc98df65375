import './layers/allLayers.js';

export { backboneStages } from './backboneStages.js';
export { checkModelOptions, createModel, type CheckedModel } from './createModel.js';
export { describeModel, type ModelDescription } from './describeModel.js';
export { explanationLayers } from './explanationLayers.js';
export type { ExportOptions } from './export/exportableModel.js';
export { exportFiles, type ExportFiles } from './export/exportFiles.js';
export { graphNames, recordModel, type RecordModelOptions } from './export/recordModel.js';
export { filesHandler, type ReadModelFile } from './export/filesHandler.js';
export { modelMetadata, type ModelMetadata } from './modelMetadata.js';
export type { ModelOptions, ResolvedModelOptions } from './modelOptions.js';
export { modelNames, modelOptionsSchema } from './modelRegistry.js';
export { loadPretrainedBytes } from './weights/loadPretrainedBytes.js';
export { describeLoadReport, type LoadReport, type OtherShape } from './weights/loadReport.js';
export { loadStateDict, type LoadStateDictOptions } from './weights/loadStateDict.js';
export { stateDict } from './weights/stateDict.js';
