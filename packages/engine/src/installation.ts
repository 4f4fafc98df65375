import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Device } from './engineInfo.js';

/** The file that makes an installation count; written last. */
export const MANIFEST = 'engine.json';

/** A file of an installation. */
export interface InstalledFile {
  /** Relative to the installation's folder. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** What an installation says about itself. */
export interface Manifest {
  readonly tensorflow: string;
  readonly device: Device;
  /** `prebuilt`, or the compiler that made the binding. */
  readonly binding: string;
  /** When, in ISO 8601. */
  readonly installed: string;
  readonly files: readonly InstalledFile[];
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
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return statSync(folder, { throwIfNoEntry: false })
        ? `${folder} has no ${MANIFEST}`
        : undefined;
    return `${join(folder, MANIFEST)} cannot be read (${(error as Error).message})`;
  }
  const manifest = parseManifest(text);
  if (manifest === undefined) return `${join(folder, MANIFEST)} is damaged`;
  for (const { path, size } of manifest.files) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false })?.size;
    if (found !== size)
      return `${join(folder, path)} ${found === undefined ? 'is missing' : `has ${found} bytes instead of ${size}`}`;
  }
  return { folder, manifest };
}

function parseManifest(text: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(text) as Partial<Manifest> | null;
    return manifest?.device !== undefined && (manifest.files?.length ?? 0) > 0
      ? (manifest as Manifest)
      : undefined;
  } catch {
    return undefined;
  }
}
