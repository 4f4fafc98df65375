import { statSync } from 'node:fs';

const WRITABLE_BY_GROUP = 0o020;
const WRITABLE_BY_OTHERS = 0o002;

/**
 * Whether other users of this machine could have put something into a file or folder whose code is about to run, as ssh
 * checks it for keys: it must belong to this user or to root, and nobody else may write to it. The user's own group may,
 * since on many systems each user has one alone. Not checked on Windows.
 * @returns one sentence on what is wrong, with the command that mends it; undefined if nothing is.
 */
export function changeableByOthers(path: string): string | undefined {
  if (process.getuid === undefined || process.getgid === undefined) return undefined;
  const { uid, gid, mode } = statSync(path);
  const user = process.getuid();
  if (uid !== user && uid !== 0)
    return `${path} belongs to another user (id ${uid}), who could change what runs here; delete the folder, or set NONLOCAL_MED_CACHE to one of your own`;
  const byGroup = (mode & WRITABLE_BY_GROUP) !== 0 && !(uid === user && gid === process.getgid());
  if (byGroup || (mode & WRITABLE_BY_OTHERS) !== 0)
    return `${path} can be changed by other users (mode ${(mode & 0o777).toString(8)}); if you trust what is in it, run "chmod -R go-w ${path}"`;
  return undefined;
}
