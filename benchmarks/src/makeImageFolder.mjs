import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@nonlocal-med/core';
import { tinyLesionsImage } from '@nonlocal-med/data';
import sharp from 'sharp';

/** Number of generated images; the files are different sections of them. */
const GENERATED = 12;

/**
 * Writes square JPEGs, no two alike, into the class folders `a` and `b` of a temporary folder.
 * @returns the folder, and a function that removes it
 */
export async function makeImageFolder({ images, side }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-folder-'));
  for (const name of ['a', 'b']) mkdirSync(join(folder, name));
  const generated = Array.from(
    { length: GENERATED },
    (_, index) => tinyLesionsImage({ size: 3 * side, index }).pixels,
  );
  let next = 0;
  const lane = async () => {
    while (next < images) {
      const index = next++;
      await encode(generated[index % GENERATED], { index, side, folder });
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, lane));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove); // also if the program is stopped
  return { folder, remove };
}

function encode({ data, width, height }, { index, side, folder }) {
  const random = createRandom(index, 'section');
  const length = side + random.integer(width - side + 1);
  return sharp(data, { raw: { width, height, channels: 3 } })
    .extract({
      left: random.integer(width - length + 1),
      top: random.integer(height - length + 1),
      width: length,
      height: length,
    })
    .resize(side, side)
    .jpeg({ quality: 90 })
    .toFile(join(folder, 'ab'[index % 2], `${index}.jpg`));
}
