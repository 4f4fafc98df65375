// The options of data sets and splits alone, for programs that list options without loading a decoder.
export { dataOptionsSchema, datasetKinds } from './dataset/dataOptionsSchema.js';
export { splitNameOf } from './dataset/givenSplit/splitNames.js';
export { augmentationPresetNames, augmentationPresets } from './image/augmentationPresets.js';
export { splitOptionsSchema } from './split/split.js';
