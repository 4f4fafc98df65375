import { chmod, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledFile } from '../installation.js';
import { fetchWheel } from './fetchWheel.js';
import type { InstallProgress } from './installProgress.js';
import type { WheelRequest } from './selectWheel.js';
import { listWheel, unpackWheel } from './unpackWheel.js';

/** Where to install NVIDIA's libraries. */
interface NvidiaOptions {
  /** The installation. The libraries go into `nvidia/` next to its `tensorflow/`, where TensorFlow looks for them. */
  readonly target: string;
  /** Folder for the wheels. */
  readonly work: string;
  readonly progress: InstallProgress;
}

/** TensorFlow loads this library from one whose search path includes cusparse's folder but not cusolver's. */
const CUSOLVER = 'libcusolver.so.11';

/** Downloads and unpacks NVIDIA's libraries, which are verified by pip or the hashes of the index. */
export async function gatherNvidia({
  target,
  work,
  progress,
}: NvidiaOptions): Promise<InstalledFile[]> {
  const files: InstalledFile[] = [];
  for (const request of nvidiaWheels) {
    const wheel = await fetchWheel(request, work, progress);
    const members = (await listWheel(wheel)).filter(isNeeded);
    files.push(
      ...(await unpackWheel(
        wheel,
        target,
        members.map((member) => ({ member, path: installedPath(member, request.project) })),
      )),
    );
    await rm(wheel);
  }
  for (const { path } of files)
    if (path.endsWith('/bin/ptxas')) await chmod(join(target, path), 0o755);
  const cusolver = files.find(({ path }) => path === `nvidia/cusolver/lib/${CUSOLVER}`);
  if (cusolver === undefined) return files;
  const path = `nvidia/cusparse/lib/${CUSOLVER}`;
  await symlink(`../../cusolver/lib/${CUSOLVER}`, join(target, path));
  return [...files, { ...cusolver, path }];
}

/** Libraries, the assembler and licenses are needed. */
function isNeeded(member: string): boolean {
  return (
    /^nvidia\/[^/]+\/lib\/[^/]+\.so[.\d]*$/.test(member) ||
    member === 'nvidia/cuda_nvcc/bin/ptxas' ||
    /\.dist-info\/.*License/i.test(member)
  );
}

function installedPath(member: string, project: string): string {
  return member.includes('.dist-info/') ? `nvidia/licences/${project}.txt` : member;
}

/** Platform tags that NVIDIA's wheels carry. */
const TAGS = [
  'manylinux_2_27_x86_64',
  'manylinux_2_24_x86_64',
  'manylinux_2_17_x86_64',
  'manylinux2014_x86_64',
  'manylinux1_x86_64',
];

function nvidia(name: string, versions: string, megabytes: number): WheelRequest {
  return {
    project: `nvidia-${name}-cu12`,
    versions,
    python: '311',
    platformTags: TAGS,
    size: megabytes * 1e6,
  };
}

/**
 * The libraries that TensorFlow loads at startup on a GPU, and those that they load in turn, in the
 * version ranges of the wheel's metadata (extra `and-cuda`). Left out: nccl (several GPUs only),
 * cupti (profiler only), curand (not loaded).
 */
export const nvidiaWheels: readonly WheelRequest[] = [
  nvidia('cuda-runtime', '>=12.5.82,<13', 4),
  nvidia('cublas', '>=12.5.3.2,<13', 600),
  nvidia('cudnn', '>=9.3.0.75,<10', 700),
  nvidia('cufft', '>=11.2.3.61,<12', 200),
  nvidia('cusolver', '>=11.6.3.83,<12', 340),
  nvidia('cusparse', '>=12.5.1.3,<13', 370),
  nvidia('nvjitlink', '>=12.5.82,<13', 40),
  nvidia('cuda-nvrtc', '>=12.5.82,<13', 90),
  nvidia('cuda-nvcc', '>=12.5.82,<13', 40),
];
