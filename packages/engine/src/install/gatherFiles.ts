import { rm } from 'node:fs/promises';
import type { InstalledFile } from '../installation.js';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import { bindingHeaders } from './bindingHeaders.js';
import { fetchWheel } from './fetchWheel.js';
import { gatherNvidia } from './gatherNvidia.js';
import type { InstallPlan } from './installInto.js';
import { nvidiaWheels } from './nvidiaWheels.js';
import { requireHash } from './requireHash.js';
import { type freeSpace, requireSpace } from './requireSpace.js';
import { reuseFiles } from './reuseFiles.js';
import { unpackWheel, type WheelMember } from './unpackWheel.js';

/** Room for what is small: headers, binding, logs. */
const SLACK_BYTES = 20e6;
/** NVIDIA's libraries, unpacked, to their packed size. */
const NVIDIA_UNPACKED = 1.7;

/** Folders of an installation in the making. */
export interface GatherPlaces {
  /** Folder of all installations. */
  readonly parent: string;
  /** Folder for what is thrown away afterwards. */
  readonly work: string;
  /** The installation's folder for now. */
  readonly target: string;
  readonly measureSpace: typeof freeSpace;
}

/** TensorFlow's libraries with licences and headers, and for a GPU NVIDIA's libraries. */
export async function gatherFiles(
  { release, device, progress, force }: InstallPlan,
  { parent, work, target, measureSpace }: GatherPlaces,
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
  { work, target, progress }: Pick<GatherPlaces, 'work' | 'target'> & Pick<InstallPlan, 'progress'>,
): Promise<InstalledFile[]> {
  const wheel = await fetchWheel(release.request, work, progress);
  progress.line('checking and unpacking');
  await requireHash(wheel, release);
  const files = await unpackWheel(wheel, target, members);
  await rm(wheel);
  return files;
}

/** The libraries, the licences of what is in them, and the headers to compile the binding with. */
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
