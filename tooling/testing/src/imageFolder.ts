import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tinyLesionsImage } from '@nonlocal-med/data';
import sharp from 'sharp';

/** Writes small synthetic images as PNG of 64 pixels, one folder per class: `none` and `some` (dots). */
export async function imageFolder(
  folder: string,
  { images = 24 }: { images?: number } = {},
): Promise<string> {
  for (let index = 0; index < images; index++) {
    const { pixels, label } = tinyLesionsImage({ size: 64, seed: 1, index, classes: 2 });
    const classFolder = join(folder, ['none', 'some'][label]);
    await mkdir(classFolder, { recursive: true });
    await sharp(pixels.data, { raw: { width: 64, height: 64, channels: 3 } })
      .png()
      .toFile(join(classFolder, `image-${index}.png`));
  }
  return folder;
}
