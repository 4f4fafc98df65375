import { UnavailableError } from '@nonlocal-med/core';

/** What a user can do about an error of the file system, by its code. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EROFS: 'its file system is read-only',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file of that name is in the way',
};

/** An error of the file system in a cache folder, as one line that says what helps; any other error as it is. */
export function installFault(error: unknown, folder: string): unknown {
  if (error instanceof UnavailableError && !error.message.includes('No space left')) return error;
  const code = error instanceof UnavailableError ? 'ENOSPC' : (error as NodeJS.ErrnoException).code;
  if (code === 'ELOCKED')
    return new UnavailableError(
      `another installation in ${folder} has not ended; try again, or remove ${folder}.lock if there is none`,
      { cause: error },
    );
  // Node reports a read-only file system so where the folder to make lies deeper.
  if (code === 'ENOENT' && (error as NodeJS.ErrnoException).syscall === 'mkdir')
    return new UnavailableError(
      message(folder, 'it cannot be made, perhaps because its file system is read-only'),
      { cause: error },
    );
  if (code === undefined || !(code in REASONS)) return error;
  return new UnavailableError(message(folder, REASONS[code]), { cause: error });
}

function message(folder: string, reason: string): string {
  return `cannot install into ${folder}: ${reason}; nothing was installed; set NONLOCAL_MED_CACHE to a folder with room that you may write to`;
}
