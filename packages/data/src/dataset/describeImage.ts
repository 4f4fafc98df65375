import sharp from 'sharp';
import { decodeImage } from '../image/decodeImage.js';
import { perceptualHash } from '../image/perceptualHash.js';
import type { ImageFacts } from './openedDataset.js';

/** What an image's bytes hold; decodes all of them. @throws Error when they cannot be decoded. */
export async function describeImage(bytes: Buffer): Promise<Omit<ImageFacts, 'hash' | 'bytes'>> {
  const pixels = await decodeImage(bytes);
  const { width, height, channels } = pixels;
  const { depth = 'uchar', format = 'unknown' } = await sharp(bytes).metadata();
  return {
    width,
    height,
    color: channels === 1 ? 'grey' : 'rgb',
    depth: depth === 'ushort' ? 16 : 8,
    format,
    perceptual: perceptualHash(pixels),
  };
}
