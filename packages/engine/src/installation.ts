import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheRoot, hashFile, sha256 } from '@nonlocal-med/core/node';
import type { Device } from './engineInfo.js';
import { packageFolders } from './packageFolders.js';
import { tensorflowRelease } from './tensorflowRelease.js';
import { changeableByOthers } from './trust.js';

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
const RECIPE = 'recipe 2';

/** Short hash of the binding's C++ source and of how it is compiled. */
export function bindingHash(): string {
  const hash = createHash('sha256').update(RECIPE);
  for (const folder of [join(packageFolders.tfjsNode(), 'binding'), packageFolders.binding])
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
 * Reads an installation. Compares the size of every file with the manifest and the hash of the small ones, among them the
 * binding, which is fast; `doctor` compares all hashes. Checks that no other user could have changed a file.
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
  for (const { path, size, sha256: expected } of manifest.files) {
    const file = join(folder, path);
    const found = statSync(file, { throwIfNoEntry: false })?.size;
    if (found !== size)
      return `${file} ${found === undefined ? 'is missing' : `has ${found} bytes instead of ${size}`}`;
    if (size <= HASHED_BYTES && sha256(readFileSync(file)) !== expected)
      return `${file} has changed since it was installed`;
  }
  const changeable = trustedPaths(folder, manifest).map(changeableByOthers);
  return changeable.find((issue) => issue !== undefined) ?? { folder, manifest };
}

/** Files up to this size are hashed whenever an installation is read; the binding has 100 kB, the libraries 500 MB. */
const HASHED_BYTES = 1e6;

/** Everything that decides what is loaded: the folders, the manifest and the files. */
function trustedPaths(folder: string, { files }: Manifest): string[] {
  const paths = files.map(({ path }) => join(folder, path));
  return [...new Set([folder, join(folder, MANIFEST), ...paths.map(dirname), ...paths])];
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
