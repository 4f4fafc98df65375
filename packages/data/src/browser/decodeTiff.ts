import { InputError } from '@nonlocal-med/core';
import type { RawImage } from '../image/decodeRaw.js';
import { checkPages, checkSize } from '../image/fileChecks.js';
import { readTiffDirectories } from '../image/tiffDirectory.js';
import { blendWithBlack, keepColors, unpremultiply } from './opaque.js';
import { orient, type Raster } from './orient.js';
import { type TiffLayout, tiffLayout } from './tiffLayout.js';
import { tiffSamples } from './tiffParts.js';

/**
 * Decodes the first page of a TIFF or BigTIFF file to its stored values, as libtiff does in Node: grayscale, RGB and
 * palettes; 1 to 16 bits and floating point; strips and tiles; without compression, or with LZW, Deflate or PackBits.
 *
 * @throws InputError without a path if it is too large, or of a kind that is not supported
 * @throws Error if it is damaged
 */
export function decodeTiff(bytes: Uint8Array, maximumPixels: number): RawImage {
  const pages = readTiffDirectories(bytes);
  checkPages(pages);
  const layout = tiffLayout(bytes);
  checkSize(layout, maximumPixels);
  const { width, height, samples: channels, bits, photometric } = layout;
  const stored = { values: tiffSamples(bytes, layout), width, height, channels };
  const shown = orient(colorsOf(stored, layout), layout.orientation);
  return {
    ...shown,
    channels: shown.channels === 1 ? 1 : 3,
    whiteIsZero: photometric === 0 && bits > 8,
    declaredMaximum: layout.maximumValue,
    pages: pages.length,
    format: 'tiff',
  };
}

type Values = RawImage['values'];

/** One channel, or three of color, with at least 8 bits. */
function colorsOf(raster: Raster<Values>, layout: TiffLayout): Raster<Values> {
  const { values, ...shape } = raster;
  const { bits, photometric, palette } = layout;
  if (values instanceof Float32Array) {
    if (shape.channels !== colorCount(layout)) throw refusedChannels(raster, layout);
    return raster;
  }
  const levels = {
    ...shape,
    values: bits < 8 && photometric !== 3 ? spread(values, bits) : values,
  };
  const colors = withoutExtra(levels, layout);
  if (photometric === 3) return paletteColors(colors, palette);
  return photometric === 0 && bits <= 8
    ? { ...colors, values: colors.values.map((value) => 255 - value) }
    : colors;
}

/** Values of 1 to 4 bits over the whole range of 8. */
const spread = (values: Uint8Array | Uint16Array, bits: number): Uint8Array | Uint16Array =>
  values.map((value) => (value * 255) / (2 ** bits - 1));

function paletteColors(
  { values, ...shape }: Raster<Uint8Array | Uint16Array>,
  palette: readonly number[],
): Raster<Uint8Array> {
  const colors = palette.length / 3;
  const result = new Uint8Array(values.length * 3);
  values.forEach((index, pixel) => {
    for (let color = 0; color < 3; color++)
      result[3 * pixel + color] = palette[color * colors + index] >> 8;
  });
  return { ...shape, values: result, channels: 3 };
}

/** Blends opacity with black, and drops a channel of no known meaning if it has one value everywhere. */
function withoutExtra(
  raster: Raster<Uint8Array | Uint16Array>,
  layout: TiffLayout,
): Raster<Uint8Array | Uint16Array> {
  const extra = raster.channels - colorCount(layout);
  if (extra === 0) return raster;
  const [meaning = 0] = layout.extraSamples;
  if (extra === 1 && meaning === 1) return blendWithBlack(unpremultiply(raster));
  if (extra === 1 && meaning === 2) return blendWithBlack(raster);
  const last = raster.values.filter((_, at) => at % raster.channels === raster.channels - 1);
  if (extra === 1 && last.every((value) => value === last[0])) return keepColors(raster);
  throw refusedChannels(raster, layout);
}

const colorCount = ({ photometric }: TiffLayout): number => (photometric === 2 ? 3 : 1);

function refusedChannels({ channels }: Raster<Values>, layout: TiffLayout): InputError {
  const colors = colorCount(layout);
  const extra = channels - colors;
  const [meaning = 0] = layout.extraSamples;
  return new InputError({
    path: '',
    message: `has ${channels} channels: ${colors} of color and ${extra}${meaning === 0 ? ' of unspecified meaning' : ''}`,
    hint: 'supported are one channel (grayscale), three (RGB), and these with an alpha channel that is declared as such',
  });
}
