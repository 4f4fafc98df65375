import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { runFiles } from './runFiles.js';
import { runStatus } from './runStatus.js';

/** What a creation that was killed may leave, beside which a new one may begin. */
const leftovers = new Set<string>([
  runFiles.environment,
  runFiles.checkpoints,
  `${runFiles.checkpoints}.lock`,
]);

/**
 * Refuses a folder that a new run cannot have, before anything is made in it: a program may ask before costly work.
 * @throws InputError when the folder holds a run (and how far that has come) or anything else.
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
  const others = names.filter(
    (name) => !leftovers.has(name) && !/^(environment\.json|config\.yaml)\.\d+$/.test(name),
  );
  if (others.length === 0) return;
  if (!names.includes(runFiles.config))
    throw new InputError({
      path: folder,
      message: `is not empty: it holds ${others.slice(0, 3).join(', ')}${others.length > 3 ? ', ...' : ''}`,
      hint: 'a new or an empty folder',
    });
  const { state, epochs, evaluated } = await runStatus(folder);
  const allowed =
    state === 'finished' && evaluated
      ? 'choose another folder, or delete this one'
      : 'resume it, choose another folder, or delete this one';
  throw new InputError({
    path: folder,
    message: `holds a run already (${state}, ${epochs} epochs done)`,
    hint: allowed,
  });
}
