import { readFileSync, realpathSync, statSync } from 'node:fs';

/** Where Linux distributions and containers install the driver's library. */
const FOLDERS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
  '/usr/local/cuda/compat',
  '/run/opengl-driver/lib',
];

/**
 * The version of this machine's NVIDIA driver, `undefined` if there is none (or not on Linux). If only
 * the driver's library is found and its name has no version, path and date identify it instead.
 */
export function nvidiaDriver(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (process.platform !== 'linux') return undefined;
  return (
    kernelModuleVersion() ??
    libraryVersion([
      ...(env.LD_LIBRARY_PATH ?? '').split(':').filter((folder) => folder !== ''),
      ...FOLDERS,
    ])
  );
}

function kernelModuleVersion(): string | undefined {
  try {
    return /Kernel Module[^\n]*?\s(\d+(?:\.\d+)+)/.exec(
      readFileSync('/proc/driver/nvidia/version', 'utf8'),
    )?.[1];
  } catch {
    return undefined;
  }
}

function libraryVersion(folders: readonly string[]): string | undefined {
  for (const folder of folders) {
    try {
      const file = realpathSync(`${folder}/libcuda.so.1`);
      return (
        /\.so\.(\d{2,}(?:\.\d+)+)$/.exec(file)?.[1] ??
        `of unknown version (${file}, ${statSync(file).mtime.toISOString().slice(0, 10)})`
      );
    } catch {
      continue;
    }
  }
  return undefined;
}
