import { chmod, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledFile } from '../installation.js';
import { fetchWheel } from './fetchWheel.js';
import type { InstallProgress } from './installProgress.js';
import { nvidiaWheels } from './nvidiaWheels.js';
import { listWheel, unpackWheel } from './unpackWheel.js';

/** Where to put NVIDIA's libraries. */
export interface NvidiaOptions {
  /** The installation; the libraries go into `nvidia/` beside its `tensorflow/`, where TensorFlow looks. */
  readonly target: string;
  /** Folder for the wheels. */
  readonly work: string;
  readonly progress: InstallProgress;
}

/** TensorFlow opens this one from a library whose search path has cusparse's folder but not cusolver's. */
const CUSOLVER = 'libcusolver.so.11';

/** Fetches and unpacks NVIDIA's libraries; pip or the index's own hashes are the check. */
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
        members.map((member) => ({ member, path: notice(member, request.project) })),
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

/** Libraries, the assembler, and licences. */
function isNeeded(member: string): boolean {
  return (
    /^nvidia\/[^/]+\/lib\/[^/]+\.so[.\d]*$/.test(member) ||
    member === 'nvidia/cuda_nvcc/bin/ptxas' ||
    /\.dist-info\/.*License/i.test(member)
  );
}

function notice(member: string, project: string): string {
  return member.includes('.dist-info/') ? `nvidia/licences/${project}.txt` : member;
}
