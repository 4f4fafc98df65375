export { cacheRoot } from './node/cacheRoot.js';
export { syncFolder } from './node/syncFolder.js';
export { withLock } from './node/withLock.js';
export { writeAtomic } from './node/writeAtomic.js';
