export { syntheticFindings } from './syntheticFindings.js';
export { syntheticPredictions } from './syntheticPredictions.js';
export { type SyntheticRun, writeSyntheticRun } from './writeSyntheticRun.js';
export { writeSyntheticExperiment, type SyntheticExperiment } from './writeSyntheticExperiment.js';
export { findingsFolder } from './findingsFolder.js';
export { imageFolder } from './imageFolder.js';
export { temporaryFolder } from './temporaryFolder.js';
export { findChromium } from './findChromium.js';
export { writeSyntheticExplanations } from './writeSyntheticExplanations.js';
