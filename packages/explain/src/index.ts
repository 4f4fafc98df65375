export { gradCam, type GradCamOptions, type GradCamResult } from './gradCam.js';
export { jetColors } from './jetColors.js';
export { localisationScores, type LocalisationScores } from './localisationScores.js';
export { overlay } from './overlay.js';
