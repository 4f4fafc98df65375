export {
  type Flag,
  flagOption,
  integerFrom,
  keepFormulasOption,
  lazily,
  parseCommandLine,
  resolveUserPath,
  splitList,
} from './commandLine.js';
export { exitCodes, runCommand, type CommandContext } from './errorBoundary.js';
export { describeFileError } from './fileErrors.js';
export { formatDuration, formatNumber } from './format.js';
export { emitData } from './controlCharacters.js';
export { emitJson } from './output.js';
export {
  createProgress,
  type Progress,
  type ProgressOptions,
  type ProgressStream,
} from './progress.js';
export { createProgressDisplay, type ProgressDisplay } from './progressDisplay.js';
export { formatTable, type Column } from './table.js';
