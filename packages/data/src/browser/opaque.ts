import type { RawImage } from '../image/decodeRaw.js';
import type { Raster } from './orient.js';

type Levels = Uint8Array | Uint16Array;

/** Without opacity, the last of 2 or 4 channels: blended with black, truncated as by libvips, which decodes files in Node. */
export function blendWithBlack<Data extends Levels>(raster: Raster<Data>): Raster<Data> {
  const { values, channels } = raster;
  if (channels === 1 || channels === 3) return raster;
  const colors = channels - 1;
  const white = values.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
  return keepColors(raster, (value, at) =>
    Math.floor((value * values[at - (at % channels) + colors]) / white),
  );
}

/** Undoes a multiplication with opacity, the last of 2 or 4 channels, with the rounding of libvips: in 32 bits, then truncated. */
export function unpremultiply<Data extends Levels>(raster: Raster<Data>): Raster<Data> {
  const { channels } = raster;
  const values = raster.values.slice() as Data;
  const white = values.BYTES_PER_ELEMENT === 1 ? 255 : 65535;
  for (let pixel = 0; pixel < values.length; pixel += channels) {
    const opacity = values[pixel + channels - 1];
    const factor = opacity === 0 ? 0 : Math.fround(white / opacity);
    for (let at = pixel; at < pixel + channels - 1; at++)
      values[at] = Math.min(white, Math.fround(factor * values[at]));
  }
  return { ...raster, values };
}

/** The first 1 or 3 channels alone, each value through a function of it and its position. */
export function keepColors<Data extends Levels>(
  { values, height, width, channels }: Raster<Data>,
  map: (value: number, at: number) => number = (value) => value,
): Raster<Data> {
  const colors = channels < 3 ? 1 : 3;
  const pixels = height * width;
  const result = new (values.constructor as new (length: number) => Data)(pixels * colors);
  for (let pixel = 0, to = 0; pixel < pixels; pixel++)
    for (let color = 0; color < colors; color++) {
      const at = pixel * channels + color;
      result[to++] = map(values[at], at);
    }
  return { values: result, height, width, channels: colors };
}

/** A decoded file without anything that only some formats have. */
export const plainImage = (
  { values, height, width, channels }: Raster<RawImage['values']>,
  format: string,
): RawImage => ({
  values,
  height,
  width,
  channels: channels === 1 ? 1 : 3,
  whiteIsZero: false,
  pages: 1,
  format,
});
