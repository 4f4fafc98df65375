export { filesIn, type ImageFile, loadClassifier } from './node/loadClassifier.js';
