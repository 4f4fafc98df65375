import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { syncFolder, writeAtomic } from '@nonlocal-med/core/node';
import type { Device } from '../engineInfo.js';
import { type Installation, MANIFEST, type Manifest, readInstallation } from '../installation.js';
import { BINDING } from '../load/loadNative.js';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import { describeFile } from './describeFile.js';
import { gatherFiles } from './gatherFiles.js';
import { installFault } from './installFault.js';
import type { InstallProgress } from './installProgress.js';
import { findBindingSource, provideBinding } from './provideBinding.js';
import { freeSpace } from './requireSpace.js';
import { withInstallLock } from './withInstallLock.js';

/** Prefix of folders that an installation is made in; what crashed ones left is removed by the next. */
const PARTIAL = '.partial-';

/** An installation to make. */
export interface InstallPlan {
  readonly release: TensorflowRelease;
  readonly device: Device;
  readonly folder: string;
  readonly force: boolean;
  readonly progress: InstallProgress;
  /** Loads an installation in a child process and computes with it; throws where that fails. */
  readonly probe: (folder: string) => Promise<unknown>;
  /** Replaceable in tests. */
  readonly tools?: Partial<InstallTools>;
}

/** What an installation asks of the machine. */
export interface InstallTools {
  readonly measureSpace: typeof freeSpace;
  readonly findBindingSource: typeof findBindingSource;
  readonly provideBinding: typeof provideBinding;
}

/**
 * Makes an installation, whole or not at all: one process at a time, in a folder beside its own that is renamed when
 * every file is checked and flushed and the test has passed. One that is there and whole is left as it is.
 * @throws UnavailableError with one line that says what is missing.
 */
export async function installInto(plan: InstallPlan): Promise<Installation> {
  const parent = dirname(plan.folder);
  const present = plan.force ? undefined : readInstallation(plan.folder);
  if (typeof present === 'object') return present;
  try {
    await mkdir(parent, { recursive: true });
    // The lock would be tried again and again where it cannot be made.
    for (const place of [parent, dirname(parent)]) await access(place, constants.W_OK);
    return await withInstallLock(
      parent,
      async () => {
        const found = readInstallation(plan.folder);
        if (typeof found === 'object' && !plan.force) return found;
        if (typeof found === 'string') plan.progress.line(`repairing: ${found}`);
        return build(plan, parent);
      },
      () => plan.progress.line('waiting for another installation to end'),
    );
  } catch (error) {
    throw installFault(error, parent);
  }
}

async function build(plan: InstallPlan, parent: string): Promise<Installation> {
  for (const name of await readdir(parent))
    if (name.startsWith(PARTIAL)) await rm(join(parent, name), { recursive: true, force: true });
  const tools: InstallTools = {
    measureSpace: freeSpace,
    findBindingSource,
    provideBinding,
    ...plan.tools,
  };
  const { prebuilt, compiler } = await tools.findBindingSource();
  const work = await mkdtemp(join(parent, PARTIAL));
  try {
    const target = join(work, 'engine');
    const files = await gatherFiles(plan, {
      parent,
      work,
      target,
      measureSpace: tools.measureSpace,
    });
    const libraries = plan.release.libraries.map(({ file }) => file);
    let binding = '';
    for (const source of [{ prebuilt }, { compiler }]) {
      if (Object.values(source)[0] === undefined) continue;
      binding = await tools.provideBinding(target, source, {
        libraries,
        work: join(work, 'build'),
      });
      const issue = await test(plan, target);
      if (issue === undefined) break;
      if (source.compiler !== undefined || compiler === undefined) throw issue;
      plan.progress.line(`the prebuilt binding does not run here (${issue.message}); compiling it`);
    }
    const manifest: Manifest = {
      tensorflow: plan.release.version,
      device: plan.device,
      binding,
      installed: new Date().toISOString(),
      files: [...files, await describeFile(target, BINDING)],
    };
    await writeAtomic(join(target, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await replaceFolder(target, plan.folder, join(work, 'replaced'));
    return { folder: plan.folder, manifest };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function test(
  { probe, progress }: InstallPlan,
  target: string,
): Promise<UnavailableError | undefined> {
  progress.line('testing it in a process of its own');
  try {
    await probe(target);
    return undefined;
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

async function replaceFolder(from: string, to: string, aside: string): Promise<void> {
  await syncFolder(from);
  await rename(to, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(from, to);
  await syncFolder(dirname(to));
}
