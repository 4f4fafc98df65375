import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { parseCsv } from './parseCsv.js';

const FIRST_BYTES = 16_384;

/** The first line of a CSV file, without reading the rest; empty where there is none, or no file. */
export async function readHeader(file: string): Promise<readonly string[]> {
  try {
    const handle = await open(file);
    const { buffer, bytesRead } = await handle
      .read({ buffer: Buffer.alloc(FIRST_BYTES) })
      .finally(() => handle.close());
    const line = buffer
      .toString('utf8', 0, bytesRead)
      .split(/\r\n?|\n/)
      .find((text) => text.trim() !== '');
    return parseCsv(line ?? '', basename(file))[0]?.cells ?? [];
  } catch (error) {
    if (error instanceof InputError || (error as NodeJS.ErrnoException).code !== undefined)
      return [];
    throw error;
  }
}
