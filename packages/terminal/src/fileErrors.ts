/** What errors of the file system mean for the user, by code; other errors are failures of the program. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'its file system is read-only',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a file of that name is in the way',
  EISDIR: 'a folder of that name is in the way',
};

/** What was tried, by system call. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  mkdir: 'created',
  open: 'opened',
  rename: 'written',
  rm: 'removed',
  rmdir: 'removed',
  scandir: 'listed',
  unlink: 'removed',
};

/** The end of the name of a file that is renamed once it is complete. */
const TEMPORARY = /\.\d+\.partial$/;

/**
 * Says in one line why a file or folder cannot be used, and what to do.
 * @returns undefined if the error is not one of the file system, or not one that the user can mend
 */
export function describeFileError(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const {
    code = '',
    syscall = '',
    path,
    dest,
  } = error as NodeJS.ErrnoException & { dest?: string };
  const place = dest ?? path;
  if (place === undefined || !(code in REASONS)) return undefined;
  const attempt = TEMPORARY.test(place) ? 'written' : (ATTEMPTS[syscall] ?? 'used');
  const file = place.replace(TEMPORARY, '');
  return `${file}: cannot be ${attempt}: ${REASONS[code]} (choose another place, or change its permissions)`;
}
