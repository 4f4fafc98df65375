export { attentionRow, type AttentionRow } from './attentionRow.js';
export { gradCam, type GradCamOptions, type GradCamResult, gradCamLayers } from './gradCam.js';
export { jetColors, overlay } from './overlay.js';
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
