// For browsers, with their decoders of image files
export { type BrowserImage, loadClassifier } from './browser/loadClassifier.js';
