import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import sharp from 'sharp';

/** Pictures that are drawn; the files repeat them, each a little brighter than the last, since a loader knows files by content. */
const DRAWN = 12;
const BRIGHTER = 0.004;

/**
 * A temporary folder of square fundus-like JPEGs.
 * @returns samples for a loader, and how to remove the folder
 */
export async function makeImages({ images, side }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-images-'));
  const drawn = Array.from(
    { length: Math.min(images, DRAWN) },
    (_, index) => tinyLesionsImage({ size: side, index }).pixels,
  );
  const samples = Array.from({ length: images }, (_, index) => ({
    id: String(index),
    file: join(folder, `${index}.jpg`),
    label: index % 4,
  }));
  await Promise.all(
    samples.map(({ file }, index) =>
      encode(drawn[index % DRAWN], 1 + BRIGHTER * Math.floor(index / DRAWN), file),
    ),
  );
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove); // where the program is stopped
  return { samples, remove };
}

const encode = ({ data, width, height }, brightness, file) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .modulate({ brightness })
    .jpeg({ quality: 90 })
    .toFile(file);
