export type { Device, DeviceChoice, EngineChoice, EngineInfo } from './engineInfo.js';
export { useEngine, type EngineOptions } from './useEngine.js';
export { openKernelTable, type KernelTable } from './kernelTable.js';
export { type Cluster, type ClusterOptions, LostMemberError } from './cluster/cluster.js';
export { freeAddresses } from './cluster/freeAddresses.js';
export { joinedCluster } from './load/startNative.js';
