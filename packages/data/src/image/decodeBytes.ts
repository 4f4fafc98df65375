import { createHash } from 'node:crypto';
import { decodeDicomRaw, type FileOptions } from '../dicom/dicomRaw.js';
import { nodePlatform } from '../dicom/nodePlatform.js';
import { decodeRaw, type RawImage } from './decodeRaw.js';
import { detectFormat } from './imageFormat.js';

/**
 * Decodes an image of any supported format: DICOM files to the levels they are displayed with, others to their stored
 * values.
 *
 * @throws InputError without a path if the content is of another format, too large, damaged, or not supported
 */
export async function decodeBytes(bytes: Uint8Array, options: FileOptions): Promise<RawImage> {
  const detected = detectFormat(bytes);
  return 'format' in detected && detected.format === 'DICOM'
    ? decodeDicomRaw(bytes, options, nodePlatform)
    : decodeRaw(bytes, options.maximumPixels);
}

/** What identifies an image: SHA-256 of its file, and of that and the frame for one of several frames. Hexadecimal. */
export function contentHash(bytes: Uint8Array, frame?: number): string {
  const file = createHash('sha256').update(bytes).digest('hex');
  return frame === undefined ? file : frameHash(file, frame);
}

/** What identifies one of several frames of a file. */
export const frameHash = (fileHash: string, frame: number): string =>
  createHash('sha256').update(`${fileHash} frame ${frame}`).digest('hex');
