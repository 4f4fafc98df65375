export { exportModel } from './node/exportModel.js';
export { fetchImagenetWeights, type FetchImagenetOptions } from './node/fetchImagenetWeights.js';
export type { FetchedWeights, FetchOptions } from './node/fetchWeightFile.js';
export { folderHandler } from './node/folderHandler.js';
export { loadPretrained } from './node/loadPretrained.js';
