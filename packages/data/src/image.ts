// Everything about pixels in memory, for browsers, too: nothing here needs Node, a decoder or the file system.
export { augment, type AugmentationOptions, sampleAugmentation } from './image/augment.js';
export { applyAugmentation, type Augmentation } from './image/applyAugmentation.js';
export {
  type AugmentationPreset,
  augmentationPresetNames,
  augmentationPresets,
  presetOf,
} from './image/augmentationPresets.js';
export { toGrayscale, toRgb } from './image/channels.js';
export { clahe, clahe16, claheLab, type ClaheOptions } from './image/clahe/clahe.js';
export { type DecodedPixels, levelsOfPixels } from './image/decodedPixels.js';
export {
  type Box,
  cropPixels,
  fitGeometry,
  type FitGeometry,
  padPixels,
} from './image/fitGeometry.js';
export { toEightBits } from './image/levels.js';
export { heatMap, mapOnImage, resizeMap } from './image/mapOnImage.js';
export { localMean } from './image/localMean.js';
export { perceptualHash } from './image/perceptualHash.js';
export { normalize, preprocess } from './image/preprocess.js';
export { preprocessingSchema } from './image/preprocessingSchema.js';
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
