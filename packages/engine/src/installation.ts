import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from './engineInfo.js';

/** The file that makes an installation count; written last. */
export const MANIFEST = 'engine.json';

/** What an installation says about itself. */
export interface Manifest {
  readonly tensorflow: string;
  readonly device: Device;
  /** `prebuilt`, or the compiler that made the binding. */
  readonly binding: string;
  /** Version of the NVIDIA driver that the smoke test ran with, on a GPU. */
  readonly driver?: string;
  readonly installed: string;
  /** Every file, relative to the folder. */
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

/** An installation whose files are all there. */
export interface Installation {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Reads an installation and compares every file's size with its manifest, which takes no time; `doctor` compares the
 * hashes too.
 * @returns the installation, or in one sentence what is wrong with it; `undefined` where there is none.
 */
export function readInstallation(folder: string): Installation | string | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return statSync(folder, { throwIfNoEntry: false }) ? `${folder} has no ${MANIFEST}` : undefined;
    return `${join(folder, MANIFEST)} cannot be read (${(error as Error).message})`;
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
    if (!Array.isArray(manifest.files) || manifest.files.length < 3) return `${join(folder, MANIFEST)} is incomplete`;
  } catch {
    return `${join(folder, MANIFEST)} is not JSON`;
  }
  for (const { path, size } of manifest.files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false })?.size;
    if (found !== size) return `${join(folder, path)} ${found === undefined ? 'is missing' : `has ${found} bytes instead of ${size}`}`;
  }
  return { folder, manifest };
}
