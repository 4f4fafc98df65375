import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import sharp from 'sharp';

/** Writes a folder a class with small drawn images, `none` and `some` dots, as PNG of 64 pixels. */
export async function imageFolder(
  folder: string,
  { images = 24 }: { images?: number } = {},
): Promise<string> {
  for (let index = 0; index < images; index++) {
    const { pixels, label } = tinyLesionsImage({ size: 64, seed: 1, index, classes: 2 });
    const place = join(folder, ['none', 'some'][label]);
    await mkdir(place, { recursive: true });
    await sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toFile(join(place, `image-${index}.png`));
  }
  return folder;
}
