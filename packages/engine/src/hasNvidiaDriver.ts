import { existsSync } from 'node:fs';

/** Where Linux distributions and containers put the driver's library. */
const LIBRARIES = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/lib/wsl/lib', '/usr/local/nvidia/lib64', '/usr/local/cuda/compat', '/run/opengl-driver/lib'];

/** Whether an NVIDIA driver is present: its kernel module, or its library in a usual place or on `LD_LIBRARY_PATH`. */
export function hasNvidiaDriver(env: NodeJS.ProcessEnv = process.env): boolean {
  if (process.platform !== 'linux') return false;
  if (existsSync('/proc/driver/nvidia/version')) return true;
  return [...(env.LD_LIBRARY_PATH ?? '').split(':'), ...LIBRARIES].some((folder) => folder !== '' && existsSync(`${folder}/libcuda.so.1`));
}
