import { mkdir, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { withLock, writeAtomic } from '@nonlocal-med/core/node';
import { stringify } from 'yaml';
import { describeRunFolder } from './describeRunFolder.js';
import type { RunFolder } from './runFolder.js';
import { runFiles } from './runFiles.js';
import { runStatus } from './runStatus.js';

/** What a run's folder begins with. */
export interface RunDescription {
  /** Resolved options, enough to repeat the run: becomes `config.yaml`. */
  readonly config: unknown;
  /** Versions, engine, commit, data fingerprint, seeds: becomes `environment.json`. */
  readonly environment: unknown;
}

/** What a creation that was killed may leave, beside which a new one may begin. */
const leftovers = new Set<string>([runFiles.environment, runFiles.checkpoints, `${runFiles.checkpoints}.lock`]);

/**
 * Makes the folder of a new run. `config.yaml` is written last: with it the folder is a run.
 * @throws InputError when the folder holds a run (and how far that has come) or anything else.
 */
export async function createRunFolder(path: string, { config, environment }: RunDescription): Promise<RunFolder> {
  const folder = resolve(path);
  await refuse(folder);
  await mkdir(folder, { recursive: true });
  await withLock(`${folder}/${runFiles.checkpoints}`, async () => {
    await refuse(folder);
    await writeAtomic(`${folder}/${runFiles.environment}`, `${JSON.stringify(environment, null, 2)}\n`);
    await writeAtomic(`${folder}/${runFiles.config}`, stringify(config));
  });
  return describeRunFolder({ path: folder, config, environment });
}

/** Before anything is made, so that a refused folder is left as it was. */
async function refuse(folder: string): Promise<void> {
  const names: string[] = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new InputError({ where: folder, what: 'is a file', allowed: 'a folder that does not exist yet' });
    throw error;
  });
  const others = names.filter((name) => !leftovers.has(name) && !/^(environment\.json|config\.yaml)\.\d+$/.test(name));
  if (others.length === 0) return;
  if (!names.includes(runFiles.config)) throw new InputError({ where: folder, what: `is not empty: it holds ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', ...' : ''}`, allowed: 'a new or an empty folder' });
  const { state, epochs } = await runStatus(folder);
  const allowed = state === 'finished' ? 'choose another folder, or delete this one' : 'resume it, choose another folder, or delete this one';
  throw new InputError({ where: folder, what: `holds a run already (${state}, ${epochs} epochs done)`, allowed });
}
