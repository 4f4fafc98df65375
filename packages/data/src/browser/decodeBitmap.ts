import { InputError } from '@nonlocal-med/core';
import type { RawImage } from '../image/decodeRaw.js';
import { checkJpeg, checkSize } from '../image/fileChecks.js';
import { hasExactScans } from '../image/jpeg/exactScans.js';
import { END_OF_IMAGE, jpegFrame, jpegSegments } from '../image/jpeg/jpegSegments.js';
import { bitmapSize } from './bitmapSize.js';
import { keepColors, plainImage } from './opaque.js';

/**
 * Decodes a JPEG or WebP file with the browser's own decoder, without its color profile, upright.
 *
 * @throws InputError without a path if it is too large, of a kind that is not supported, or the browser changes pixels
 * @throws Error if it is damaged
 */
export async function decodeBitmap(
  bytes: Uint8Array,
  { format, maximumPixels }: { readonly format: 'JPEG' | 'WebP'; readonly maximumPixels: number },
): Promise<RawImage> {
  const stated = bitmapSize(bytes, format);
  if (stated !== null) checkSize(stated, maximumPixels);
  if (format === 'JPEG') checkCompleteJpeg(bytes);
  const bitmap = await createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>]), {
    colorSpaceConversion: 'none',
    premultiplyAlpha: 'none',
    imageOrientation: 'from-image',
  });
  const { width, height } = bitmap;
  try {
    checkSize(bitmap, maximumPixels); // what is decoded, whatever the header states
    checkCanvas();
    const context = canvasContext(width, height);
    // Transparent pixels are blended with black, as in Node.
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const values = new Uint8Array(data.buffer);
    const isGray = format === 'JPEG' && jpegFrame(bytes)?.channels === 1;
    const colors = keepColors({ values, width, height, channels: 4 });
    return plainImage(
      isGray ? keepColors({ ...colors, values: firstOfThree(colors.values), channels: 1 }) : colors,
      format.toLowerCase(),
    );
  } finally {
    bitmap.close();
  }
}

const firstOfThree = (values: Uint8Array): Uint8Array => values.filter((_, at) => at % 3 === 0);

/** Refuses what browsers show although it is damaged, and colors that they convert each in their own way. */
function checkCompleteJpeg(bytes: Uint8Array): void {
  checkJpeg(bytes);
  if (jpegFrame(bytes)?.channels === 4)
    throw new InputError({
      path: '',
      message: 'is a JPEG file with CMYK colors, which browsers convert to RGB in different ways',
      hint: 'convert it to PNG or TIFF in RGB',
    });
  const segments = [...jpegSegments(bytes)];
  if (segments.at(-1)?.marker !== END_OF_IMAGE || hasExactScans(bytes, segments) === false)
    throw new Error('its image data is incomplete or invalid');
}

function canvasContext(
  width: number,
  height: number,
): OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D {
  const canvas =
    typeof OffscreenCanvas === 'undefined'
      ? Object.assign(document.createElement('canvas'), { width, height })
      : new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error(`the browser cannot hold ${width} x ${height} pixels`);
  return context;
}

/** Some browsers change pixels a little when they are read, so that users cannot be recognized. */
function checkCanvas(): void {
  const levels = Uint8ClampedArray.from({ length: 4 * 256 }, (_, i) =>
    i % 4 === 3 ? 255 : i >> 2,
  );
  const context = canvasContext(16, 16);
  context.putImageData(new ImageData(levels, 16, 16), 0, 0);
  const { data } = context.getImageData(0, 0, 16, 16);
  if (data.some((value, i) => value !== levels[i]))
    throw new InputError({
      path: '',
      message:
        'this browser changes the pixels of JPEG and WebP images before a page can read them',
      hint: 'allow this page to read canvas data, use another browser, or give PNG, TIFF or DICOM files',
    });
}
