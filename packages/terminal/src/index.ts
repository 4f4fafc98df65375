export { integerFrom, parseCommandLine, resolveUserPath, splitList } from './commandLine.js';
export { exitCodes, runCommand, type CommandContext } from './errorBoundary.js';
export { formatDuration, formatNumber } from './format.js';
export { emitJson } from './output.js';
export {
  createProgress,
  createProgressDisplay,
  type Progress,
  type ProgressDisplay,
  type ProgressOptions,
  type ProgressStream,
} from './progress.js';
export { formatTable, type Column } from './table.js';
