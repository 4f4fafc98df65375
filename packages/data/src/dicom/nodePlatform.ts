import { inflateRawSync } from 'node:zlib';
import { decodeRaw } from '../image/decodeRaw.js';
import { type DicomPlatform, MAXIMUM_INFLATED_BYTES } from './platform.js';

/** DICOM files in Node: through its zlib, and the decoder of other image files. */
export const nodePlatform: DicomPlatform = {
  inflate: (bytes) => inflateRawSync(bytes, { maxOutputLength: MAXIMUM_INFLATED_BYTES }),
  decodeJpeg: decodeRaw,
};
