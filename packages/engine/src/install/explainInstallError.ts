import { UnavailableError } from '@nonlocal-med/core';

/** What file system errors mean for the user, by error code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EROFS: 'its file system is read-only',
  EACCES: 'you do not have write permission',
  EPERM: 'you do not have write permission',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file of that name is in the way',
};

/** Turns a file system error in the cache folder into one line with the solution; returns other errors as they are. */
export function explainInstallError(error: unknown, folder: string): unknown {
  if (error instanceof UnavailableError && !error.message.includes('No space left')) return error;
  const code = error instanceof UnavailableError ? 'ENOSPC' : (error as NodeJS.ErrnoException).code;
  if (code === 'ELOCKED')
    return new UnavailableError(
      `another installation in ${folder} is still running; try again, or remove ${folder}.lock if there is none`,
      { cause: error },
    );
  // Node's error for a nested folder on a read-only file system.
  if (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir')
    return new UnavailableError(
      message(folder, 'it cannot be created, perhaps because its file system is read-only'),
      { cause: error },
    );
  if (code === undefined || !(code in REASONS)) return error;
  return new UnavailableError(message(folder, REASONS[code]), { cause: error });
}

function message(folder: string, reason: string): string {
  return `cannot install into ${folder}: ${reason}; nothing was installed; set NONLOCAL_MED_CACHE to a writable folder with enough space`;
}
