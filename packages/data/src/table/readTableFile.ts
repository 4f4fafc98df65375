import { readFile } from 'node:fs/promises';
import { InputError } from '@nonlocal-med/core';

/** A file's bytes. @throws InputError that says when it is not there. */
export function readTableFile(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      {
        path: file,
        message:
          error.code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${error.message}`,
      },
      { cause: error },
    );
  });
}
