export { attentionRow, type AttentionRow } from './attentionRow.js';
export { gradCam, type GradCamOptions, type GradCamResult } from './gradCam.js';
export { gradCamLayers } from './gradCamLayers.js';
export { jetColors } from './jetColors.js';
export {
  localizationScores,
  type LocalizationScores,
  type PointingOptions,
} from './localisationScores.js';
export { overlay } from './overlay.js';
export {
  perturbationCurve,
  type PerturbationCurve,
  type PerturbationOptions,
} from './perturbationCurve.js';
