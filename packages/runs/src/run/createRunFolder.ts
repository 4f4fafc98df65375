import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { withLock, writeAtomic } from '@nonlocal-med/core/node';
import { stringify } from 'yaml';
import { describeRunFolder } from './describeRunFolder.js';
import { requireNewFolder } from './requireNewFolder.js';
import { runFiles } from './runFiles.js';
import type { RunFolder } from './runFolder.js';

/** What a run's folder begins with. */
export interface RunDescription {
  /** Resolved options, enough to repeat the run: becomes `config.yaml`. */
  readonly config: unknown;
  /** Versions, engine, commit, data fingerprint, seeds: becomes `environment.json`. */
  readonly environment: unknown;
}

/**
 * Makes the folder of a new run. `config.yaml` is written last: with it the folder is a run.
 * @throws InputError when the folder holds a run (and how far that has come) or anything else, or cannot be made.
 */
export async function createRunFolder(
  path: string,
  { config, environment }: RunDescription,
): Promise<RunFolder> {
  const folder = resolve(path);
  await requireNewFolder(folder);
  await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      {
        path: folder,
        message: `cannot be made: ${error.code}`,
        hint: 'a place that may be written to',
      },
      { cause: error },
    );
  });
  await withLock(`${folder}/${runFiles.checkpoints}`, async () => {
    await requireNewFolder(folder);
    await writeAtomic(
      `${folder}/${runFiles.environment}`,
      `${JSON.stringify(environment, null, 2)}\n`,
    );
    await writeAtomic(`${folder}/${runFiles.config}`, stringify(config));
  });
  return describeRunFolder({ path: folder, config, environment });
}
