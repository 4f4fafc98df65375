export { applyAugmentation } from './image/applyAugmentation.js';
export { augment, type AugmentationOptions } from './image/augment.js';
export { clahe } from './image/clahe.js';
export { clahe16 } from './image/clahe16.js';
export { claheLab } from './image/claheLab.js';
export { decodeImage, type DecodeOptions } from './image/decodeImage.js';
export { drawAugmentation, type Augmentation } from './image/drawAugmentation.js';
export { fieldOfView } from './image/fieldOfView.js';
export { labToRgb } from './image/labToRgb.js';
export { localMean } from './image/localMean.js';
export { normalize } from './image/normalize.js';
export { outsideLevel } from './image/outsideLevel.js';
export { perceptualHash } from './image/perceptualHash.js';
export { preprocess } from './image/preprocess.js';
export { resizeArea } from './image/resizeArea.js';
export { resizeBilinear } from './image/resizeBilinear.js';
export { rgbToLab, type Lab } from './image/rgbToLab.js';
export { tinyLesionsDataset, type TinyLesionsOptions } from './synthetic/tinyLesionsDataset.js';
export {
  tinyLesionsImage,
  type TinyLesionsImage,
  type TinyLesionsImageOptions,
} from './synthetic/tinyLesionsImage.js';
export { toGrey } from './image/toGrey.js';
export { toRgb } from './image/toRgb.js';
export type { ClaheOptions } from './image/checkClahe.js';
export { balancedClassWeights } from './split/balancedClassWeights.js';
export { checkImage, type ImageCheck } from './dataset/checkImage.js';
export { createLoader, type Loader, type LoaderSample } from './loader/createLoader.js';
export {
  dataOptionsSchema,
  type DataOptions,
  type ResolvedDataOptions,
} from './dataset/dataOptionsSchema.js';
export { datasetKinds, type DatasetKind } from './dataset/datasetKinds.js';
export { defaultCacheFolder } from './cache/defaultCacheFolder.js';
export { describeDataset, type DatasetDescription } from './dataset/describeDataset.js';
export type { NearDuplicate, NearImage } from './dataset/describeNearDuplicates.js';
export { findNearDuplicates, type NearPair } from './dataset/findNearDuplicates.js';
export { openDataset, type OpenOptions } from './dataset/openDataset.js';
export { splitByGroup } from './split/splitByGroup.js';
export { splitOptionsSchema, type SplitOptions } from './split/splitOptionsSchema.js';
export { summarizeSplit, type SideSummary } from './split/summarizeSplit.js';
export type { CheckedSample, ImageFacts, OpenedDataset } from './dataset/openedDataset.js';
export type { LoaderOptions } from './loader/loaderOptions.js';
export type { LoaderStatistics } from './loader/createTally.js';
export type { Split } from './split/split.js';
