import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import sharp from 'sharp';

/** Number of different images. Further files repeat them a little brighter, because a loader identifies files by content. */
const GENERATED = 12;
const BRIGHTER = 0.004;

/**
 * Writes square JPEGs of synthetic fundus images to a temporary folder.
 * @returns the samples for a loader, and a function that removes the folder
 */
export async function makeImages({ images, side }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-images-'));
  const generated = Array.from(
    { length: Math.min(images, GENERATED) },
    (_, index) => tinyLesionsImage({ size: side, index }).pixels,
  );
  const samples = Array.from({ length: images }, (_, index) => ({
    id: String(index),
    file: join(folder, `${index}.jpg`),
    label: index % 4,
  }));
  await Promise.all(
    samples.map(({ file }, index) =>
      encode(generated[index % GENERATED], 1 + BRIGHTER * Math.floor(index / GENERATED), file),
    ),
  );
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove); // also if the program is stopped
  return { samples, remove };
}

const encode = ({ data, width, height }, brightness, file) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .modulate({ brightness })
    .jpeg({ quality: 90 })
    .toFile(file);
