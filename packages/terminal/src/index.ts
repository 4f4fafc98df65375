export {
  createProgress,
  type Progress,
  type ProgressOptions,
  type ProgressStream,
} from './createProgress.js';
export { createProgressDisplay, type ProgressDisplay } from './createProgressDisplay.js';
export { emitJson } from './emitJson.js';
export { exitCodes } from './exitCodes.js';
export { formatBytes } from './formatBytes.js';
export { formatDuration } from './formatDuration.js';
export { formatNumber } from './formatNumber.js';
export { formatTable, type Column } from './formatTable.js';
export { InterruptedError } from './interruptedError.js';
export { parseCommandLine } from './parseCommandLine.js';
export { resolveUserPath } from './resolveUserPath.js';
export { runCommand, type CommandContext } from './runCommand.js';
