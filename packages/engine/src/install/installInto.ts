import { access, constants, mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UnavailableError } from '@nonlocal-med/core';
import { hashFile, replaceFolder, withLock, writeAtomic } from '@nonlocal-med/core/node';
import type { Device } from '../engineInfo.js';
import {
  type Installation,
  type InstalledFile,
  MANIFEST,
  type Manifest,
  readInstallation,
} from '../installation.js';
import { BINDING } from '../load/loadNative.js';
import type { TensorflowRelease } from '../tensorflowRelease.js';
import { freeSpace } from './diskSpace.js';
import { explainInstallError } from './explainInstallError.js';
import { gatherFiles } from './gatherFiles.js';
import type { InstallProgress } from './installProgress.js';
import { type BindingSource, findBindingSource, provideBinding } from './provideBinding.js';

/** Prefix of the folders of unfinished installations. The next installation removes what a crash left behind. */
const PARTIAL = '.partial-';

/** The installation to create. */
export interface InstallPlan {
  readonly release: TensorflowRelease;
  readonly device: Device;
  readonly folder: string;
  readonly force: boolean;
  readonly progress: InstallProgress;
  /** Loads an installation in a child process and computes with it; throws if that fails. */
  readonly probe: (folder: string) => Promise<unknown>;
  /** Replaceable in tests. */
  readonly tools?: Partial<InstallTools>;
}

/** What an installation needs from the machine. */
export interface InstallTools {
  readonly measureSpace: typeof freeSpace;
  readonly findBindingSource: typeof findBindingSource;
  readonly provideBinding: typeof provideBinding;
}

/**
 * Creates an installation atomically, one process at a time, in a temporary folder that is renamed once
 * every file is verified and flushed and the test has passed. An intact installation is left as it is.
 * @throws UnavailableError with one line on what is missing.
 */
export async function installInto(plan: InstallPlan): Promise<Installation> {
  const parent = dirname(plan.folder);
  const present = plan.force ? undefined : readInstallation(plan.folder);
  if (typeof present === 'object') return present;
  try {
    await mkdir(parent, { recursive: true });
    // Otherwise the lock would be retried although it cannot be created.
    for (const path of [parent, dirname(parent)]) await access(path, constants.W_OK);
    return await withInstallLock(
      parent,
      async () => {
        const found = readInstallation(plan.folder);
        if (typeof found === 'object' && !plan.force) return found;
        if (typeof found === 'string') plan.progress.line(`repairing: ${found}`);
        return buildInstallation(plan, parent);
      },
      () => plan.progress.line('waiting for another installation to finish'),
    );
  } catch (error) {
    throw explainInstallError(error, parent);
  }
}

async function buildInstallation(plan: InstallPlan, parent: string): Promise<Installation> {
  for (const name of await readdir(parent))
    if (name.startsWith(PARTIAL)) await rm(join(parent, name), { recursive: true, force: true });
  const tools: InstallTools = {
    measureSpace: freeSpace,
    findBindingSource,
    provideBinding,
    ...plan.tools,
  };
  const source = await tools.findBindingSource();
  const work = await mkdtemp(join(parent, PARTIAL));
  try {
    const target = join(work, 'engine');
    const files = await gatherFiles(plan, {
      parent,
      work,
      target,
      measureSpace: tools.measureSpace,
    });
    const manifest: Manifest = {
      tensorflow: plan.release.version,
      device: plan.device,
      binding: await installBinding(plan, tools.provideBinding, {
        target,
        source,
        work: join(work, 'build'),
      }),
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

interface BindingLocation {
  readonly target: string;
  readonly source: BindingSource;
  /** An empty folder for the compiler. */
  readonly work: string;
}

/**
 * Installs the prebuilt binding if it runs here, else a compiled one.
 * @returns how the binding was made
 */
async function installBinding(
  plan: InstallPlan,
  provide: InstallTools['provideBinding'],
  { target, source: { prebuilt, compiler }, work }: BindingLocation,
): Promise<string> {
  const options = { libraries: plan.release.libraries.map(({ file }) => file), work };
  if (prebuilt !== undefined) {
    const binding = await provide(target, { prebuilt }, options);
    const issue = await testInstallation(plan, target);
    if (issue === undefined) return binding;
    if (compiler === undefined) throw issue;
    plan.progress.line(`the prebuilt binding does not run here (${issue.message}); compiling it`);
  }
  const binding = await provide(target, { compiler }, options);
  const issue = await testInstallation(plan, target);
  if (issue !== undefined) throw issue;
  return binding;
}

async function testInstallation(
  { probe, progress }: InstallPlan,
  target: string,
): Promise<UnavailableError | undefined> {
  progress.line('testing it in a child process');
  try {
    await probe(target);
    return undefined;
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

/** Flushes a file to disk and describes it for the manifest. */
async function describeFile(folder: string, path: string): Promise<InstalledFile> {
  const handle = await open(join(folder, path), 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  return {
    path,
    size: (await stat(join(folder, path))).size,
    sha256: await hashFile(join(folder, path)),
  };
}

/** Time after which waiting is reported. */
const PATIENCE_MILLISECONDS = 1500;
/** The largest download takes this long on a slow connection. */
const WAIT_MILLISECONDS = 2 * 3_600_000;

/** Runs an action while no other process installs into the folder; reports if it has to wait. */
async function withInstallLock<T>(
  folder: string,
  action: () => Promise<T>,
  onWaiting: () => void,
): Promise<T> {
  const timer = setTimeout(onWaiting, PATIENCE_MILLISECONDS);
  try {
    return await withLock(
      folder,
      () => {
        clearTimeout(timer);
        return action();
      },
      { waitMilliseconds: WAIT_MILLISECONDS },
    );
  } finally {
    clearTimeout(timer);
  }
}
