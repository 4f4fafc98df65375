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

/** A PNG or TIFF of these 16-bit gray values, [height, width]. */
export const encodeGrey16 = (
  values: Uint16Array,
  { width, format = 'png' }: { readonly width: number; readonly format?: 'png' | 'tiff' },
): Promise<Buffer> =>
  sharp(values, { raw: { width, height: values.length / width, channels: 1 } })
    .toColourspace('grey16')
    .toFormat(format, format === 'tiff' ? { compression: 'lzw' } : {})
    .toBuffer();

/** An uncompressed TIFF of gray values: 32-bit floats or 16-bit integers. `photometric` 0 means that white is zero. */
export function encodeTiff(
  values: Float32Array | Uint16Array,
  {
    width,
    photometric = 1,
    maximumValue,
  }: { readonly width: number; readonly photometric?: 0 | 1; readonly maximumValue?: number },
): Buffer {
  const bits = 8 * values.BYTES_PER_ELEMENT;
  const entries: [tag: number, value: number][] = [
    [256, width],
    [257, values.length / width],
    [258, bits],
    [259, 1],
    [262, photometric],
    [273, 0],
    [277, 1],
    [278, values.length / width],
    [279, values.byteLength],
    ...(maximumValue === undefined ? [] : [[281, maximumValue] as [number, number]]),
    [339, values instanceof Float32Array ? 3 : 1],
  ];
  const data = 8 + 2 + 12 * entries.length + 4 + (entries.length % 2) * 2;
  const file = Buffer.alloc(data + values.byteLength);
  file.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  file.writeUInt16LE(entries.length, 8);
  entries.forEach(([tag, value], i) => {
    const at = 10 + 12 * i;
    const long = tag === 273 || tag === 279;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(long ? 4 : 3, at + 2);
    file.writeUInt32LE(1, at + 4);
    file.writeUInt32LE(tag === 273 ? data : value, at + 8);
  });
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), data);
  return file;
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
