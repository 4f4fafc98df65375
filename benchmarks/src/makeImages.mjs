import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import sharp from 'sharp';

/** Pictures that are drawn; the files repeat them. */
const DRAWN = 12;

/**
 * A temporary folder of square fundus-like JPEGs.
 * @returns samples for a loader, and how to remove the folder
 */
export async function makeImages({ images, side }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-images-'));
  const encoded = await Promise.all(Array.from({ length: Math.min(images, DRAWN) }, (_, index) => encode(index, side)));
  const samples = Array.from({ length: images }, (_, index) => {
    const file = join(folder, `${index}.jpg`);
    writeFileSync(file, encoded[index % encoded.length]);
    return { id: String(index), file, label: index % 4 };
  });
  return { samples, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function encode(index, side) {
  const { data, width, height } = tinyLesionsImage({ size: side, index }).pixels;
  return sharp(data, { raw: { width, height, channels: 3 } }).jpeg({ quality: 90 }).toBuffer();
}
