import { mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { commandLine, InputError } from '@nonlocal-med/core';
import { withLock, writeAtomic } from '@nonlocal-med/core/node';
import { stringify } from 'yaml';
import { experimentFiles } from '../experiment/experimentFiles.js';
import { type ImageRecord, writeImageRecord } from './imageRecord.js';
import { runFiles } from './runFiles.js';
import { createRunHandle, type RunFolder } from './runFolder.js';
import { runStatus } from './runStatus.js';

/** What a run folder starts with. */
export interface RunDescription {
  /** Resolved options, enough to repeat the run: becomes `config.yaml`. */
  readonly config: unknown;
  /** The same as YAML, with comments; default: without. */
  readonly configText?: string;
  /** Versions, backend, commit, fingerprint of the data, seeds: becomes `environment.json`. */
  readonly environment: unknown;
  /** The images it will use: becomes `images.json`. */
  readonly images?: ImageRecord;
}

/**
 * Creates the folder of a new run. `config.yaml` is written last: with it the folder is a run.
 * @param path the new folder; parent folders are created, too
 * @throws InputError when the folder already holds a run (with its progress) or anything else, or cannot be created.
 *
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { createRunFolder, openRunFolder } from '@nonlocal-med/runs';
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'runs-')), 'first');
 * await createRunFolder(path, {
 *   config: { model: { name: 'resnet18' }, seed: 3 },
 *   environment: { node: process.version },
 * });
 * const run = await openRunFolder(path);
 * console.log(run.config); // { model: { name: 'resnet18' }, seed: 3 }
 * console.log((await run.status()).state); // new
 * ```
 */
export async function createRunFolder(
  path: string,
  { config, configText = stringify(config), environment, images }: RunDescription,
): Promise<RunFolder> {
  const folder = resolve(path);
  await requireNewFolder(folder);
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      { path: folder, message: `cannot be created: ${error.code}`, hint: 'a writable location' },
      { cause: error },
    );
  });
  await withLock(join(folder, runFiles.checkpoints), async () => {
    await requireNewFolder(folder);
    await writeAtomic(
      join(folder, runFiles.environment),
      `${JSON.stringify(environment, null, 2)}\n`,
    );
    if (images !== undefined) await writeImageRecord(folder, images);
    await writeAtomic(join(folder, runFiles.config), configText);
  });
  return createRunHandle({ path: folder, config, environment });
}

/** What a creation that was killed may leave behind; it does not prevent another one. */
const leftovers = new Set<string>([
  runFiles.environment,
  runFiles.images,
  runFiles.checkpoints,
  `${runFiles.checkpoints}.lock`,
]);
const temporaryFile = /^(environment\.json|images\.json|config\.yaml)\.\d+(\.partial)?$/;

/**
 * Checks that a new run may use a folder, without creating anything: call it before work that takes long.
 * @throws InputError when the folder already holds a run (with its progress), an experiment or anything else.
 */
export async function requireNewFolder(path: string): Promise<void> {
  const folder = resolve(path);
  const names: string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR')
      throw new InputError({
        path: folder,
        message: 'is a file',
        hint: 'a folder that does not exist yet',
      });
    throw error;
  });
  const others = names.filter((name) => !leftovers.has(name) && !temporaryFile.test(name));
  if (others.length === 0) return;
  if (names.includes(experimentFiles.manifest))
    throw new InputError({
      path: folder,
      message: 'already holds an experiment',
      hint: `continue it with ${commandLine('trainer', 'resume', folder)}, choose another folder, or delete this one`,
    });
  if (!names.includes(runFiles.config))
    throw new InputError({
      path: folder,
      message: `is not empty: it contains ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', ...' : ''}`,
      hint: 'a new or empty folder',
    });
  const { state, epochs, evaluated } = await runStatus(folder);
  throw new InputError({
    path: folder,
    message: `already holds a run (${state}, ${epochs} epochs done)`,
    hint: `${state === 'finished' && evaluated ? '' : `resume it with ${commandLine('trainer', 'resume', folder)}, `}choose another folder, or delete this one`,
  });
}
