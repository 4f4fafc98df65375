export { cacheRoot } from './node/cacheRoot.js';
export { claimFile, claimHolder, type Claim } from './node/claimFile.js';
export type { ClaimOwner } from './node/claimOwner.js';
export { compiledFile } from './node/compiledFile.js';
export { commonFolder } from './node/commonFolder.js';
export { download, type DownloadedFile, type DownloadOptions } from './node/download.js';
export {
  fileExists,
  hashFile,
  openRegularFile,
  readFailure,
  readInputFile,
  readRegularFile,
  sha256,
} from './node/files.js';
export { httpGet, redactUrl, type HttpGetOptions, type HttpResponse } from './node/httpGet.js';
export {
  isDiskFull,
  removeTemporaryFiles,
  replaceFolder,
  syncFolder,
  writeAtomic,
} from './node/atomicFiles.js';
export { withLock } from './node/withLock.js';
