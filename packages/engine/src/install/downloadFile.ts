import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { UnavailableError } from '@nonlocal-med/core';
import { httpGet, shown } from './httpGet.js';

const ATTEMPTS = 3;

/**
 * Fetches an address into a new file; a connection that breaks is taken up where it ended, where the host can do that.
 * @param onBytes called with the bytes so far and, where the host says it, the total.
 * @throws UnavailableError when it broke three times.
 */
export async function downloadFile(
  url: URL,
  file: string,
  onBytes: (done: number, total: number | undefined) => void = () => undefined,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const have = await stat(file).then(
      ({ size }) => size,
      () => 0,
    );
    const { status, headers, body } = await httpGet(url, {
      'accept-encoding': 'identity',
      ...(have > 0 && { range: `bytes=${have}-` }),
    });
    const start = status === 206 ? have : 0;
    const length =
      headers['content-length'] === undefined ? undefined : Number(headers['content-length']);
    let done = start;
    body.on('data', (chunk: Buffer) =>
      onBytes((done += chunk.length), length === undefined ? undefined : start + length),
    );
    try {
      await pipeline(body, createWriteStream(file, { flags: start > 0 ? 'a' : 'w' }));
      if (length === undefined || done === start + length) return;
      throw new Error(`${done} of ${start + length} bytes came`);
    } catch (error) {
      const { code, message, syscall } = error as NodeJS.ErrnoException;
      if (code === 'ENOSPC' || syscall === 'write' || syscall === 'open') throw error;
      if (attempt === ATTEMPTS)
        throw new UnavailableError(`${shown(url)} broke off ${ATTEMPTS} times (${message})`, {
          cause: error,
        });
    }
  }
}
