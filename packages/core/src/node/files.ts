import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { InputError } from '../errors.js';

/** Whether a file or folder exists (a broken symbolic link does not). */
export async function fileExists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** SHA-256 of bytes or of UTF-8 text, in hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * Opens a file for reading that somebody else named or put into a folder. Only regular files are opened: reading a FIFO or a
 * device may never end.
 * @throws InputError when it is not a regular file; an error of the file system when it cannot be opened.
 */
export async function openRegularFile(file: string): Promise<FileHandle> {
  // Without O_NONBLOCK, which Windows does not have, opening a FIFO waits for somebody to write to it.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const found = await handle.stat();
    if (found.isFile()) return handle;
    throw new InputError({
      path: file,
      message: `is ${kindOf(found)}, which is not read`,
      hint: 'a regular file',
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a folder';
  if (found.isFIFO()) return 'a FIFO (named pipe)';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'a device' : 'not a regular file';
}

/** Reads a file as {@link openRegularFile} opens it. */
export async function readRegularFile(file: string): Promise<Buffer>;
export async function readRegularFile(file: string, encoding: 'utf8'): Promise<string>;
export async function readRegularFile(file: string, encoding?: 'utf8'): Promise<Buffer | string> {
  const handle = await openRegularFile(file);
  try {
    return await handle.readFile(encoding);
  } finally {
    await handle.close();
  }
}

/**
 * Reads a whole file that a user named, or that belongs to a folder that a user named.
 * @param hint what would be right
 * @throws InputError when it is missing, not a regular file or not readable, with the code of the file system
 */
export async function readInputFile(file: string, hint?: string): Promise<Buffer> {
  try {
    return await readRegularFile(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError({ path: file, message: readFailure(error), hint }, { cause: error });
  }
}

/** Why a file that a user named cannot be read, for an error message. */
export function readFailure(error: unknown): string {
  const { code = String(error) } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
}

/**
 * SHA-256 of a file, in hexadecimal; reads it in pieces.
 * @throws an error of the file system when it cannot be read
 */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = await openRegularFile(file);
  await pipeline(handle.createReadStream({ highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
