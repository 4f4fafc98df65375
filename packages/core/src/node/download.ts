import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UnavailableError } from '../errors.js';
import { syncFolder } from './atomicFiles.js';
import { httpGet, type HttpGetOptions, type HttpResponse, redactUrl } from './httpGet.js';

/** Where a downloaded file is written, and what is accepted. */
export interface DownloadOptions extends HttpGetOptions {
  /** The file to write, in an existing folder. It appears complete and checked, or not at all. */
  readonly file: string;
  /** Expected SHA-256 in hexadecimal, or its first digits. */
  readonly sha256?: string;
  /** Refuses anything larger. */
  readonly maxBytes?: number;
  /** How often to try when the connection breaks off. */
  readonly attempts?: number;
  /** Called with the bytes received so far and, if the server states it, their total. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

/** A file that was downloaded completely. */
export interface DownloadedFile {
  readonly size: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Downloads a URL into a file with the proxy, credential and certificate handling of {@link httpGet}. A transfer that
 * breaks off is resumed where the server supports it, else started again.
 * @throws UnavailableError in one line when the URL cannot be fetched, breaks off `attempts` times, is larger than
 * `maxBytes` or has another hash; an error of the file system as it is; the signal's reason when it is aborted
 */
export async function download(
  url: string | URL,
  { file, sha256, ...options }: DownloadOptions,
): Promise<DownloadedFile> {
  const partial = `${file}.partial`;
  const output = await open(partial, 'w');
  try {
    const received = await receive(url, output, options);
    if (sha256 !== undefined && !received.sha256.startsWith(sha256.toLowerCase()))
      throw new UnavailableError(
        `${redactUrl(url)} has SHA-256 ${received.sha256}, expected ${sha256}${sha256.length < 64 ? '...' : ''}`,
      );
    await output.sync();
    await output.close();
    await rename(partial, file);
    await syncFolder(dirname(file));
    return received;
  } catch (error) {
    await output.close();
    await rm(partial, { force: true });
    throw error;
  }
}

async function receive(
  url: string | URL,
  output: FileHandle,
  {
    attempts = 3,
    maxBytes = Infinity,
    onProgress,
    ...request
  }: Omit<DownloadOptions, 'file' | 'sha256'>,
): Promise<DownloadedFile> {
  let hash = createHash('sha256');
  let size = 0;
  for (let attempt = 1; ; attempt++) {
    const headers = {
      ...request.headers,
      'accept-encoding': 'identity',
      ...(size > 0 && { range: `bytes=${size}-` }),
    };
    const response = await httpGet(url, { ...request, headers });
    if (response.status !== 206) {
      hash = createHash('sha256');
      size = 0;
      await output.truncate();
    }
    try {
      const total = expectedBytes(response, size);
      if (total !== undefined) requireAtMost(maxBytes, total, url);
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        requireAtMost(maxBytes, size + chunk.length, url);
        await output.write(chunk, 0, chunk.length, size);
        hash.update(chunk);
        size += chunk.length;
        onProgress?.(size, total);
      }
      if (total !== undefined && size !== total)
        throw new Error(`received ${size} of ${total} bytes`);
      return { size, sha256: hash.digest('hex') };
    } catch (error) {
      response.body.destroy();
      request.signal?.throwIfAborted();
      if (error instanceof UnavailableError || isWriteError(error)) throw error;
      if (attempt >= attempts)
        throw new UnavailableError(
          `${redactUrl(url)} broke off ${attempts} times (${(error as Error).message})`,
          { cause: error },
        );
    }
  }
}

/** Size of the whole file, when the response tells it. */
function expectedBytes({ headers }: HttpResponse, start: number): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : start + Number(length);
}

function requireAtMost(maxBytes: number, bytes: number, url: string | URL): void {
  if (bytes > maxBytes)
    throw new UnavailableError(`${redactUrl(url)} is larger than ${maxBytes} bytes`);
}

function isWriteError(error: unknown): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' || syscall === 'write' || syscall === 'ftruncate';
}
