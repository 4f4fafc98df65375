export {
  fetchImagenetWeights,
  type FetchedWeights,
  type FetchImagenetOptions,
} from './node/fetchImagenetWeights.js';
export { loadPretrained } from './node/loadPretrained.js';
export { exportModel, folderHandler } from './node/modelFolder.js';
