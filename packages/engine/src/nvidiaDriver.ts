import { existsSync, readFileSync } from 'node:fs';

/** Where Linux distributions and containers put the driver's library. */
const FOLDERS = ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib', '/usr/lib/wsl/lib', '/usr/local/nvidia/lib64', '/usr/local/cuda/compat', '/run/opengl-driver/lib'];

/**
 * The NVIDIA driver of this machine: its version, or `unknown version` where only its library is found; `undefined`
 * where there is none. Only Linux is looked at.
 */
export function nvidiaDriver(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const text = readFileSync('/proc/driver/nvidia/version', 'utf8');
    return /Kernel Module[^\n]*?\s(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? 'unknown version';
  } catch {
    const library = [...(env.LD_LIBRARY_PATH ?? '').split(':'), ...FOLDERS].some((folder) => folder !== '' && existsSync(`${folder}/libcuda.so.1`));
    return library ? 'unknown version' : undefined;
  }
}
