import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, withLock, writeAtomic } from '@nonlocal-med/core/node';
import type { Device } from '../engineInfo.js';
import { MANIFEST, readInstallation, type Installation, type Manifest } from '../installation.js';
import { installationFolder, installationsFolder } from '../installationFolder.js';
import { BINDING } from '../load/loadNative.js';
import { tensorflowRelease, type TensorflowRelease } from '../tensorflowRelease.js';
import { bindingHeaders } from './bindingHeaders.js';
import { fetchWheel } from './fetchWheel.js';
import { hashFile } from './hashFile.js';
import { silent, type InstallProgress } from './installProgress.js';
import { probeInstallation } from './probeInstallation.js';
import { findBindingSource, provideBinding } from './provideBinding.js';
import { requireSpace } from './requireSpace.js';
import { unpackWheel, type WheelMember } from './unpackWheel.js';

/** Room for what is small: headers, binding, logs. */
const SLACK_BYTES = 50e6;
/** Prefix of folders that an installation is made in; those of crashed ones are removed by the next. */
const PARTIAL = '.partial-';

/** What to install. */
export interface InstallOptions {
  readonly device: Device;
  /** Installs anew even where an installation is whole. */
  readonly force?: boolean;
  readonly progress?: InstallProgress;
}

/**
 * Installs native TensorFlow for a device in the user's cache folder, whole or not at all, and tests it in a child
 * process before it counts. Where it is there already, that is all; where another process is at it, waits for that.
 * @throws UnavailableError with one line that says what is missing.
 */
export async function installEngine({ device, force = false, progress = silent }: InstallOptions): Promise<Installation> {
  const folder = installationFolder(device);
  const ready = (): Installation | undefined => {
    const found = readInstallation(folder);
    if (typeof found === 'string') progress.line(`repairing: ${found}`);
    return typeof found === 'object' ? found : undefined;
  };
  const present = force ? undefined : ready();
  if (present !== undefined) return present;
  const parent = installationsFolder();
  await mkdir(parent, { recursive: true });
  return withLock(parent, async () => (force ? undefined : ready()) ?? build(tensorflowRelease(device), { device, folder, parent, progress }));
}

interface BuildPlace {
  readonly device: Device;
  readonly folder: string;
  readonly parent: string;
  readonly progress: InstallProgress;
}

async function build(release: TensorflowRelease, { device, folder, parent, progress }: BuildPlace): Promise<Installation> {
  for (const name of await readdir(parent)) if (name.startsWith(PARTIAL)) await rm(join(parent, name), { recursive: true, force: true });
  const source = await findBindingSource();
  await requireSpace(parent, release.size + release.libraries.reduce((sum, { size }) => sum + size, SLACK_BYTES));
  const work = await mkdtemp(join(parent, PARTIAL));
  try {
    const target = join(work, 'engine');
    const wheel = await fetchWheel(release, work, progress);
    progress.line('unpacking');
    const files = await unpackWheel(wheel, target, wheelMembers(release));
    await rm(wheel);
    const binding = await provideBinding(target, source, { libraries: release.libraries.map(({ file }) => file), work: join(work, 'build') });
    files.push(await describeFile(target, BINDING));
    progress.line('testing');
    await probeInstallation(target);
    const manifest: Manifest = { tensorflow: release.version, device, binding, installed: new Date().toISOString(), files };
    await writeAtomic(join(target, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await replaceFolder(target, folder, join(work, 'replaced'));
    return { folder, manifest };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The libraries, the licences of what is in them, and the headers to compile the binding with. */
function wheelMembers({ libraries }: TensorflowRelease): WheelMember[] {
  return [
    ...libraries.map(({ file, size, sha256 }) => ({ member: `tensorflow/${file}`, path: `tensorflow/${file}`, size, sha256 })),
    { member: 'tensorflow/THIRD_PARTY_NOTICES.txt', path: 'tensorflow/THIRD_PARTY_NOTICES.txt' },
    ...bindingHeaders.map((header) => ({ member: `tensorflow/include/${header}`, path: `include/${header}` })),
  ];
}

async function describeFile(folder: string, path: string): Promise<Manifest['files'][number]> {
  const handle = await open(join(folder, path), 'r+');
  await handle.sync();
  await handle.close();
  return { path, size: (await stat(join(folder, path))).size, sha256: await hashFile(join(folder, path)) };
}

async function replaceFolder(from: string, to: string, aside: string): Promise<void> {
  await syncFolder(from);
  await rename(to, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(from, to);
  await syncFolder(join(to, '..'));
}
