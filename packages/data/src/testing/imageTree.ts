import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRandom } from '@nonlocal-med/core';
import sharp from 'sharp';
import { afterAll } from 'vitest';

export interface TestImage {
  readonly seed: number;
  readonly width?: number;
  readonly height?: number;
  readonly channels?: 1 | 3;
  readonly depth?: 8 | 16;
  readonly format?: 'jpeg' | 'png' | 'tiff' | 'webp';
  /** EXIF orientation, 1 to 8. */
  readonly orientation?: number;
}

/** An encoded image of random pixels, different for each seed. */
export async function encodeImage({
  seed,
  width = 24,
  height = 16,
  channels = 3,
  depth = 8,
  format = 'png',
  orientation,
}: TestImage): Promise<Buffer> {
  const random = createRandom(seed, 'test image');
  const size = width * height * channels;
  const pixels =
    depth === 16
      ? Uint16Array.from({ length: size }, () => random.integer(65536))
      : Uint8Array.from({ length: size }, () => random.integer(256));
  let image = sharp(pixels, { raw: { width, height, channels } });
  image = image.toColourspace(
    channels === 1 ? (depth === 16 ? 'grey16' : 'b-w') : depth === 16 ? 'rgb16' : 'srgb',
  );
  if (orientation !== undefined) image = image.withMetadata({ orientation });
  return image.toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {}).toBuffer();
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A new folder with the given files (text, bytes, or images to generate), removed after the last test of the file. */
export async function makeTree(
  files: Readonly<Record<string, string | Uint8Array | TestImage>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'data set '));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(
      join(folder, path),
      typeof content === 'string' || content instanceof Uint8Array
        ? content
        : await encodeImage(content),
    );
  }
  return folder;
}

/** Images by name, numbered so that no two are equal. */
export function images(names: readonly string[], first = 0): Record<string, TestImage> {
  return Object.fromEntries(names.map((name, index) => [name, { seed: first + index }]));
}
