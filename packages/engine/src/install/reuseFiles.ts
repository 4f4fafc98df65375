import { copyFile, link, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFile } from '@nonlocal-med/core/node';
import { type InstalledFile, MANIFEST, type Manifest } from '../installation.js';
import type { WheelMember } from './unpackWheel.js';

/** The files that are needed and where to look for them. */
export interface ReuseOptions {
  readonly members: readonly WheelMember[];
  /** Folder of all installations. */
  readonly parent: string;
  /** Prefix of the names of installations with the same libraries. */
  readonly prefix: string;
  readonly target: string;
}

/**
 * Hard-links a wheel's files from an installation that is damaged elsewhere or has another binding.
 * Every hash is verified.
 * @returns the files, or `undefined` if no installation has all of them
 */
export async function reuseFiles({
  members,
  parent,
  prefix,
  target,
}: ReuseOptions): Promise<InstalledFile[] | undefined> {
  for (const name of (await readdir(parent)).filter((entry) => entry.startsWith(prefix))) {
    const donor = join(parent, name);
    const files = await intactFiles(donor, members);
    if (files === undefined) continue;
    for (const { path } of files) {
      await mkdir(dirname(join(target, path)), { recursive: true });
      await link(join(donor, path), join(target, path)).catch(() =>
        copyFile(join(donor, path), join(target, path)),
      );
    }
    return files;
  }
  return undefined;
}

async function intactFiles(
  donor: string,
  members: readonly WheelMember[],
): Promise<InstalledFile[] | undefined> {
  try {
    const manifest = JSON.parse(await readFile(join(donor, MANIFEST), 'utf8')) as Manifest;
    const files: InstalledFile[] = [];
    for (const { path, sha256 } of members) {
      const file = manifest.files.find((candidate) => candidate.path === path);
      if (
        file === undefined ||
        (sha256 !== undefined && file.sha256 !== sha256) ||
        (await hashFile(join(donor, path))) !== file.sha256
      )
        return undefined;
      files.push({ path, size: file.size, sha256: file.sha256 });
    }
    return files;
  } catch {
    return undefined;
  }
}
