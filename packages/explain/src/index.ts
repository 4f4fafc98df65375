export { attentionRow, type AttentionRow } from './attentionRow.js';
export { attentionLayers } from './attentionLayer.js';
export { blendMap } from './blendMap.js';
export { gradCam, type GradCamOptions } from './gradCam.js';
export {
  saliencyMaps,
  saliencyMapsAsync,
  type SaliencyOptions,
  type SaliencyResult,
} from './saliencyMaps.js';
export { overlay } from './overlay.js';
export {
  localizationScores,
  type LocalizationScores,
  type PointingOptions,
} from './localizationScores.js';
export {
  perturbationCurve,
  type PerturbationCurve,
  type PerturbationOptions,
} from './perturbationCurve.js';
