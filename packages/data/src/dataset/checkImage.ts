import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import { describeImage } from './describeImage.js';
import { imageKind } from './imageKind.js';
import type { ImageFacts } from './openedDataset.js';

/** What is wrong with an image, or what it is. */
export type ImageCheck = { readonly facts: ImageFacts } | { readonly reason: string };

/** Reads and decodes an image whole, so that nothing in it can surprise a training run. */
export async function checkImage(file: string): Promise<ImageCheck> {
  if (imageKind(file) === 'foreign')
    return {
      reason: `${extname(file).slice(1).toUpperCase()} images are not read; convert it to PNG or TIFF`,
    };
  try {
    const bytes = await readFile(file);
    if (bytes.length === 0) return { reason: 'the file is empty (0 bytes)' };
    return {
      facts: {
        hash: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        ...(await describeImage(bytes)),
      },
    };
  } catch (error) {
    return {
      reason:
        error instanceof InputError
          ? describeFault(error)
          : describeError(error as NodeJS.ErrnoException),
    };
  }
}

function describeFault({ issues: [{ message: what, hint: allowed }] }: InputError): string {
  return allowed === undefined ? what : `${what}; ${allowed}`;
}

function describeError(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'the file, or what it links to, is not there';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'no permission to read the file';
  if (error.code === 'EISDIR') return 'it is a folder';
  return error.code === undefined ? error.message : `the file cannot be read (${error.code})`;
}
