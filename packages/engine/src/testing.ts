export { eachBackend, type Backend } from './eachBackend.js';
