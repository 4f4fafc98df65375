import { InputError, type PixelData, type Pixels, type PixelValues } from '@nonlocal-med/core';
import { levelsForModel } from './scaleValues.js';

/** Pixels that something else decoded, such as a canvas (`ImageData`): row by row, channels interleaved, as stored. */
export interface DecodedPixels {
  readonly data: Uint8Array | Uint8ClampedArray | Uint16Array | Float32Array;
  readonly width: number;
  readonly height: number;
  /** 1 for grayscale, 3 for RGB, 4 for RGB and opacity. Default: what the length of the data says. */
  readonly channels?: number;
}

/**
 * Decoded pixels as the levels that a model's preprocessing starts from; the same as `decodeImage` gives for a file with these
 * pixels. Transparent pixels are blended with black.
 *
 * @param values the scale of the values that the model was trained on, as its preprocessing records it
 * @returns pixels [height, width, 1 or 3]
 * @throws InputError if the size, the channels or the length of the data are inconsistent, or the values are not on that scale
 * @example
 * ```ts
 * import { levelsOfPixels } from '@nonlocal-med/data/image';
 *
 * const canvas = { data: Uint8ClampedArray.of(200, 100, 50, 255, 200, 100, 50, 51), width: 2, height: 1 };
 * const { data, channels } = levelsOfPixels(canvas, '8-bit');
 * console.log(channels, data.join(' ')); // 3 200 100 50 40 20 10
 * ```
 */
export function levelsOfPixels(
  { data, width, height, channels = data?.length / (width * height) }: DecodedPixels,
  values: PixelValues | undefined,
): Pixels<PixelData> {
  checkShape({ data, width, height, channels });
  const stored =
    data instanceof Uint8ClampedArray
      ? new Uint8Array(data.buffer, data.byteOffset, data.length)
      : data;
  const opaque = channels === 4 ? blendWithBlack(stored as Uint8Array) : stored;
  const shape = { width, height, channels: channels === 1 ? 1 : 3 } as const;
  return levelsForModel({ values: opaque, ...shape, whiteIsZero: false }, values, 'image');
}

function checkShape({ data, width, height, channels }: DecodedPixels): void {
  const arrays = [Uint8Array, Uint8ClampedArray, Uint16Array, Float32Array];
  const fail = (path: string, got: string, hint: string): never => {
    throw new InputError({ path: `image.${path}`, message: `got ${got}`, hint });
  };
  if (!arrays.some((kind) => data instanceof kind))
    fail(
      'data',
      Object.prototype.toString.call(data).slice(8, -1),
      'a Uint8Array, Uint8ClampedArray, Uint16Array or Float32Array',
    );
  for (const [name, length] of Object.entries({ width, height }))
    if (!Number.isInteger(length) || length < 1) fail(name, String(length), 'pixels, at least 1');
  const count = width * height;
  if (channels !== 1 && channels !== 3 && channels !== 4)
    fail(
      'channels',
      `${Number(channels?.toFixed(2))} (${data.length} values for ${width} x ${height} pixels)`,
      '1 (grayscale), 3 (RGB) or 4 (RGB and opacity)',
    );
  if (data.length !== count * channels!)
    fail('data', `${data.length} values`, `${count * channels!} for ${width} x ${height} pixels`);
  if (channels === 4 && data.BYTES_PER_ELEMENT !== 1)
    fail('channels', '4 with more than 8 bits', '1 or 3, without opacity');
}

/** RGB of RGBA over black, truncated as by libvips, which decodes files. */
function blendWithBlack(rgba: Uint8Array): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let i = 0, j = 0; i < rgba.length; i += 4, j += 3)
    for (let channel = 0; channel < 3; channel++)
      rgb[j + channel] = (rgba[i + channel] * rgba[i + 3]) / 255;
  return rgb;
}
