import { InputError } from '@nonlocal-med/core';
import { firstTiffFields } from '../image/tiffDirectory.js';
import { tiffCompressions } from './tiffCompression.js';

/** How the first page of a TIFF file stores its pixels: in strips or tiles, each compressed by itself. */
export interface TiffLayout {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly bits: 1 | 2 | 4 | 8 | 16 | 32;
  readonly isFloat: boolean;
  readonly isLittleEndian: boolean;
  /** 0 white is zero, 1 black is zero, 2 RGB, 3 palette. */
  readonly photometric: number;
  readonly orientation: number;
  /** 1 none, 2 differences of samples, 3 differences of the bytes of floating-point values. */
  readonly predictor: number;
  readonly decompress: (bytes: Uint8Array, length: number) => Uint8Array;
  /** Whether each channel is stored by itself. */
  readonly isPlanar: boolean;
  /** The size of strips, as wide as the image, or of tiles. */
  readonly part: { readonly width: number; readonly height: number };
  readonly isTiled: boolean;
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  readonly palette: readonly number[];
  /** What each channel beyond the colors means: 0 unspecified, 1 premultiplied opacity, 2 opacity. */
  readonly extraSamples: readonly number[];
  readonly maximumValue?: number;
}

/**
 * Reads how the pixels of a TIFF file's first page are stored.
 *
 * @throws InputError without a path if it is stored in a way that is not supported
 */
export function tiffLayout(bytes: Uint8Array): TiffLayout {
  const fields = firstTiffFields(bytes);
  const value = (tag: number, otherwise: number): number => fields.get(tag)?.[0] ?? otherwise;
  const [width, height, samples] = [value(256, 0), value(257, 0), value(277, 1)];
  const isTiled = fields.has(322);
  const layout = {
    width,
    height,
    samples,
    bits: value(258, 1),
    isFloat: value(339, 1) === 3,
    isLittleEndian: bytes[0] === 0x49,
    photometric: value(262, 1),
    orientation: value(274, 1),
    predictor: value(317, 1),
    decompress: tiffCompressions[value(259, 1)],
    isPlanar: value(284, 1) === 2 && samples > 1,
    isTiled,
    part: isTiled
      ? { width: value(322, 0), height: value(323, 0) }
      : { width, height: Math.min(height, value(278, height)) },
    offsets: fields.get(isTiled ? 324 : 273) ?? [],
    byteCounts: fields.get(isTiled ? 325 : 279) ?? [],
    palette: fields.get(320) ?? [],
    extraSamples: fields.get(338) ?? [],
    maximumValue: fields.get(281)?.[0],
  };
  refuse(layout, {
    compression: value(259, 1),
    kind: value(339, 1),
    fillOrder: value(266, 1),
    depths: new Set(fields.get(258) ?? [1]).size,
  });
  if (width < 1 || height < 1 || layout.part.width < 1 || layout.part.height < 1)
    throw new Error('its size is missing');
  return layout as TiffLayout;
}

const COMPRESSIONS: Readonly<Record<number, string>> = {
  2: 'fax compression (CCITT)',
  3: 'fax compression (CCITT)',
  4: 'fax compression (CCITT)',
  6: 'JPEG compression',
  7: 'JPEG compression',
  33003: 'JPEG 2000 compression',
  33005: 'JPEG 2000 compression',
  34712: 'JPEG 2000 compression',
  50000: 'Zstandard compression',
  50001: 'WebP compression',
};
const COLORS: Readonly<Record<number, string>> = {
  4: 'a transparency mask',
  5: 'CMYK colors',
  6: 'YCbCr colors',
  8: 'CIELab colors',
};

function refuse(
  {
    bits,
    isFloat,
    photometric,
    predictor,
  }: Record<'bits' | 'photometric' | 'predictor', number> & {
    readonly isFloat: boolean;
  },
  facts: Record<'compression' | 'kind' | 'fillOrder' | 'depths', number>,
): void {
  const { compression, kind, fillOrder, depths } = facts;
  const depth = `values of ${bits} bits`;
  const isKnown = isFloat ? bits === 32 : [1, 2, 4, 8, 16].includes(bits) && kind !== 2;
  const unusual = [
    tiffCompressions[compression] === undefined &&
      (COMPRESSIONS[compression] ?? `compression ${compression}`),
    photometric > 3 && (COLORS[photometric] ?? `color space ${photometric}`),
    depths > 1 && 'channels of different depths',
    !isKnown && (kind === 2 ? `signed ${depth}` : isFloat ? `floating-point ${depth}` : depth),
    predictor !== 1 &&
      !(predictor === 2 && bits >= 8 && !isFloat) &&
      !(predictor === 3 && isFloat) &&
      `predictor ${predictor} of ${depth}`,
    fillOrder !== 1 && bits < 8 && 'bits in reverse order',
  ].find((text) => text !== false);
  if (unusual === undefined) return;
  throw new InputError({
    path: '',
    message: `is a TIFF file with ${unusual}, which browsers cannot read here`,
    hint: 'save it as PNG, or as TIFF without compression, without changing its values',
  });
}
