import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot, hashFile } from '@nonlocal-med/core/node';
import type { Device } from './engineInfo.js';
import { packageFolders } from './packageFolders.js';
import { tensorflowRelease } from './tensorflowRelease.js';

/** The folder that holds all installations. */
export function installationsFolder(): string {
  return join(cacheRoot(), 'engine');
}

/**
 * The folder of the installation for a device, whether it exists or not. Its name contains everything
 * the installation depends on.
 * @throws UnavailableError on a platform that native TensorFlow does not support.
 */
export function installationFolder(device: Device): string {
  const { version } = tensorflowRelease(device);
  return join(
    installationsFolder(),
    `tensorflow-${version}-${process.platform}-${process.arch}-${device}-${bindingHash()}`,
  );
}

/** Increased when the compilation of the binding or the layout of an installation changes. */
const RECIPE = 'recipe 1';

/** Short hash of the binding's C++ source and of how it is compiled. */
export function bindingHash(): string {
  const folder = join(packageFolders.tfjsNode(), 'binding');
  const hash = createHash('sha256').update(RECIPE);
  for (const file of readdirSync(folder).sort())
    hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}

/** The file that marks an installation as complete; written last. */
export const MANIFEST = 'engine.json';

/** A file of an installation. */
export interface InstalledFile {
  /** Relative to the installation's folder. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

/** Contents of an installation's manifest. */
export interface Manifest {
  readonly tensorflow: string;
  readonly device: Device;
  /** `prebuilt`, or the compiler that compiled the binding. */
  readonly binding: string;
  /** Time of installation in ISO 8601. */
  readonly installed: string;
  readonly files: readonly InstalledFile[];
}

/** An installation that has all its files. */
export interface Installation {
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * Reads an installation and compares the size of every file with the manifest, which is fast;
 * `doctor` compares the hashes as well.
 * @returns the installation, one sentence on what is wrong with it, or `undefined` if there is none
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

/** Compares the hash of every file with the manifest. @returns one sentence on the first that differs */
export async function verifyHashes({
  folder,
  manifest,
}: Installation): Promise<string | undefined> {
  for (const { path, sha256 } of manifest.files) {
    const file = join(folder, path);
    if ((await hashFile(file)) !== sha256) return `${file} has changed since it was installed`;
  }
  return undefined;
}
