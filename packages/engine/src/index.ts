export type { Device, DeviceChoice, EngineChoice, EngineInfo } from './engineInfo.js';
export { useEngine, type EngineOptions } from './useEngine.js';
export { installEngine, type InstallOptions } from './install/installEngine.js';
export type { InstallProgress } from './install/installProgress.js';
export { openKernelTable, type KernelTable } from './kernelTable.js';
