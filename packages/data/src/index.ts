export { applyAugmentation, type Augmentation } from './image/applyAugmentation.js';
export { augment, type AugmentationOptions, sampleAugmentation } from './image/augment.js';
export {
  type AugmentationPreset,
  augmentationPresetNames,
  augmentationPresets,
  presetOf,
} from './image/augmentationPresets.js';
export { toRgb } from './image/channels.js';
export { clahe, clahe16, claheLab, type ClaheOptions } from './image/clahe/clahe.js';
export { decodeImage, decodeMask, type DecodeOptions } from './image/decodeImage.js';
export { toEightBits } from './image/levels.js';
export { type Box, fitGeometry, type FitGeometry } from './image/fitGeometry.js';
export { normalize, preprocess } from './image/preprocess.js';
export { resizeArea, resizeBilinear } from './image/resize.js';
export {
  appearanceNames,
  fractionOf,
  LAYOUT_CELLS,
  pixelStatistics,
  quantile,
  statisticsPreprocessing,
  viewStatistics,
  type ViewStatistics,
} from './image/viewStatistics.js';
export {
  tinyLesionsDataset,
  tinyLesionsImage,
  type TinyLesionsImage,
  type TinyLesionsImageOptions,
  type TinyLesionsOptions,
} from './synthetic/tinyLesions.js';
export type { ImageFacts, ImageSource } from './dataset/checkImage.js';
export {
  type DataOptions,
  dataOptionsSchema,
  type DatasetKind,
  datasetKinds,
} from './dataset/dataOptionsSchema.js';
export { type DatasetDescription, describeDataset } from './dataset/describeDataset.js';
export type { ClassFacts, Spread } from './dataset/factsByClass.js';
export { describeLikelyGroups } from './dataset/groups/likelyGroups.js';
export { labelKey } from './dataset/labelSpelling.js';
export type { NearDuplicate, NearImage } from './dataset/describeNearDuplicates.js';
export { NEAR_DISTANCE } from './dataset/findNearDuplicates.js';
export { type ImageIdentity, imageIdentity, nearestHashSearch } from './dataset/imageIdentity.js';
export {
  type CheckedSample,
  openDataset,
  type OpenedDataset,
  type OpenOptions,
} from './dataset/openDataset.js';
export {
  recommendAugmentation,
  type RecommendedAugmentation,
} from './dataset/recommendAugmentation.js';
export { balancedClassWeights, balancedPositiveWeights } from './split/balancedClassWeights.js';
export {
  type Split,
  type SplitOptions,
  splitOptionsSchema,
  type SubsetSummary,
  summarizeSplit,
} from './split/split.js';
export { splitByGroup } from './split/splitByGroup.js';
export { type FindingSample, splitByFindings } from './split/splitByFindings.js';
export { type NotedSplit, splitDataset } from './split/splitDataset.js';
export { type GivenSplit, hasGivenSplit } from './dataset/givenSplit/givenSplit.js';
export { type Leak, leakNote } from './dataset/givenSplit/findLeaks.js';
export { splitNameOf } from './dataset/givenSplit/splitNames.js';
export { findingsText } from './findings/findingLabels.js';
export { type FindingRow, type FindingTable, readFindings } from './findings/readFindings.js';
export type { FindingOptions } from './findings/findingOptions.js';
export { labelInputs } from './inputs/labelInputs.js';
export { type InputImage, listInputs } from './inputs/listInputs.js';
export { type EpochOrderOptions, orderOf } from './loader/epochOrder.js';
export { prepareImages } from './loader/prepareImages.js';
export {
  createLoader,
  type Loader,
  type LoaderOptions,
  type LoaderSample,
  type LoaderStatistics,
} from './loader/createLoader.js';
