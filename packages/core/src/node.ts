export { cacheRoot } from './node/cacheRoot.js';
export { claimFile, claimHolder, type Claim } from './node/claimFile.js';
export type { ClaimOwner } from './node/claimOwner.js';
export { syncFolder } from './node/syncFolder.js';
export { withLock } from './node/withLock.js';
export { writeAtomic } from './node/writeAtomic.js';
