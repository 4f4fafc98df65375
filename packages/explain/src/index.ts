export {
  attentionRow,
  attentionRowAsync,
  type AttentionRow,
  type AttentionRowOptions,
} from './attentionRow.js';
export { attentionLayers } from './attentionLayer.js';
export {
  attentionStatistics,
  type AttentionStatistics,
  type AttentionStatisticsOptions,
} from './attentionStatistics.js';
export { blendMap } from './blendMap.js';
export { gradCam, gradCamAsync, type GradCamOptions } from './gradCam.js';
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
