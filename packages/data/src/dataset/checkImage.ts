import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { InputError } from '@nonlocal-med/core';
import sharp from 'sharp';
import { decodeImage } from '../image/decodeImage.js';
import { perceptualHash } from '../image/perceptualHash.js';
import { imageKind } from './findImages.js';

/** What checking an image found. */
export interface ImageFacts {
  /** SHA-256 of the file, hexadecimal. */
  readonly hash: string;
  /** Size of the file. */
  readonly bytes: number;
  /** Width in pixels, after applying the EXIF orientation. */
  readonly width: number;
  /** Height in pixels, after applying the EXIF orientation. */
  readonly height: number;
  /** `grey` if the file has one color channel. */
  readonly color: 'grey' | 'rgb';
  /** Bits per channel. */
  readonly depth: number;
  /** Format of the content, whatever the file's extension: jpeg, png, tiff, webp. */
  readonly format: string;
  /** Perceptual hash of the pixels: 256 bits as 64 hexadecimal digits. */
  readonly perceptual: string;
}

/** The facts of an image, or why it cannot be used. */
export type ImageCheck = { readonly facts: ImageFacts } | { readonly reason: string };

/** Reads and decodes an image completely, so that nothing in it can surprise a training run. */
export async function checkImage(file: string): Promise<ImageCheck> {
  if (imageKind(file) === 'unsupported')
    return {
      reason: `${extname(file).slice(1).toUpperCase()} images are not supported; convert it to PNG or TIFF`,
    };
  try {
    const bytes = await readFile(file);
    if (bytes.length === 0) return { reason: 'the file is empty (0 bytes)' };
    const pixels = await decodeImage(bytes);
    const { depth = 'uchar', format = 'unknown' } = await sharp(bytes).metadata();
    return {
      facts: {
        hash: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
        width: pixels.width,
        height: pixels.height,
        color: pixels.channels === 1 ? 'grey' : 'rgb',
        depth: depth === 'ushort' ? 16 : 8,
        format,
        perceptual: perceptualHash(pixels),
      },
    };
  } catch (error) {
    return { reason: describeError(error as Error) };
  }
}

function describeError(error: NodeJS.ErrnoException): string {
  if (error instanceof InputError) {
    const { message, hint } = error.issues[0];
    return hint === undefined ? message : `${message}; ${hint}`;
  }
  if (error.code === 'ENOENT') return 'the file, or what it links to, does not exist';
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'no permission to read the file';
  if (error.code === 'EISDIR') return 'it is a folder';
  return error.code === undefined ? error.message : `the file cannot be read (${error.code})`;
}
