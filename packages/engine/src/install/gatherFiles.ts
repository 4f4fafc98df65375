import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { hashFile } from '@nonlocal-med/core/node';
import type { InstalledFile } from '../installation.js';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import { type freeSpace, requireSpace } from './diskSpace.js';
import { fetchWheel } from './fetchWheel.js';
import type { InstallPlan } from './installInto.js';
import { gatherNvidia, nvidiaWheels } from './nvidiaLibraries.js';
import { reuseFiles } from './reuseFiles.js';
import { unpackWheel, type WheelMember } from './unpackWheel.js';

/** Space for small files: headers, binding, logs. */
const SLACK_BYTES = 20e6;
/** Unpacked size of NVIDIA's libraries relative to their wheels. */
const NVIDIA_UNPACKED = 1.7;

/** Folders of an unfinished installation. */
interface GatherFolders {
  /** Folder of all installations. */
  readonly parent: string;
  /** Folder for temporary files. */
  readonly work: string;
  /** The folder of the installation until it is moved into place. */
  readonly target: string;
  readonly measureSpace: typeof freeSpace;
}

/** Provides TensorFlow's libraries, licenses and headers, and NVIDIA's libraries for a GPU. */
export async function gatherFiles(
  { release, device, progress, force }: InstallPlan,
  { parent, work, target, measureSpace }: GatherFolders,
): Promise<InstalledFile[]> {
  const members = wheelMembers(release);
  const prefix = `tensorflow-${release.version}-${process.platform}-${process.arch}-${device}-`;
  const reused = force ? undefined : await reuseFiles({ members, parent, prefix, target });
  const nvidiaBytes =
    device === 'cuda' ? nvidiaWheels.reduce((sum, { size }) => sum + size, 0) * NVIDIA_UNPACKED : 0;
  const unpacked = release.libraries.reduce((sum, { size }) => sum + size, 0);
  await requireSpace(
    parent,
    (reused === undefined ? release.size + unpacked : 0) + nvidiaBytes + SLACK_BYTES,
    measureSpace,
  );
  const files = reused ?? (await fetchFiles(release, members, { work, target, progress }));
  return device === 'cuda'
    ? [...files, ...(await gatherNvidia({ target, work, progress }))]
    : files;
}

async function fetchFiles(
  release: TensorflowRelease,
  members: readonly WheelMember[],
  {
    work,
    target,
    progress,
  }: Pick<GatherFolders, 'work' | 'target'> & Pick<InstallPlan, 'progress'>,
): Promise<InstalledFile[]> {
  const wheel = await fetchWheel(release.request, work, progress);
  progress.line('verifying and unpacking');
  await requireHash(wheel, release);
  const files = await unpackWheel(wheel, target, members);
  await rm(wheel);
  return files;
}

/** The libraries, the licenses of their parts, and the headers for compiling the binding. */
function wheelMembers({ libraries }: TensorflowRelease): WheelMember[] {
  return [
    ...libraries.map(({ file, size, sha256 }) => ({
      member: `tensorflow/${file}`,
      path: `tensorflow/${file}`,
      size,
      sha256,
    })),
    { member: 'tensorflow/THIRD_PARTY_NOTICES.txt', path: 'tensorflow/THIRD_PARTY_NOTICES.txt' },
    ...bindingHeaders.map((header) => ({
      member: `tensorflow/include/${header}`,
      path: `include/${header}`,
    })),
  ];
}

/**
 * Compares a downloaded file with the pinned size and hash.
 * @throws UnavailableError with both values if they differ.
 */
async function requireHash(
  file: string,
  pinned: { readonly size: number; readonly sha256: string },
): Promise<void> {
  const { size } = await stat(file);
  if (size !== pinned.size)
    throw new UnavailableError(
      `${basename(file)} as downloaded has ${size} bytes instead of ${pinned.size}; nothing was installed`,
    );
  const sha256 = await hashFile(file);
  if (sha256 !== pinned.sha256)
    throw new UnavailableError(
      `${basename(file)} as downloaded has SHA-256 ${sha256}, expected ${pinned.sha256}; nothing was installed`,
    );
}

/** The headers that the binding's source needs, below the wheel's `tensorflow/include/`. */
export const bindingHeaders: readonly string[] = [
  'tensorflow/c/c_api.h',
  'tensorflow/c/c_api_macros.h',
  'tensorflow/c/tf_attrtype.h',
  'tensorflow/c/tf_buffer.h',
  'tensorflow/c/tf_datatype.h',
  'tensorflow/c/tf_status.h',
  'tensorflow/c/tf_tensor.h',
  'tensorflow/c/tf_tstring.h',
  'tensorflow/c/eager/c_api.h',
  'tensorflow/core/platform/ctstring.h',
  'tensorflow/core/platform/ctstring_internal.h',
  'tsl/platform/ctstring.h',
  'tsl/platform/ctstring_internal.h',
  'xla/tsl/c/tsl_status.h',
];
