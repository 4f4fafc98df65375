/** What is refused in image files before they are decoded, in Node and in browsers. */
import { InputError } from '@nonlocal-med/core';
import { detectFormat, type ImageFormat } from './imageFormat.js';
import { jpegFrame } from './jpeg/jpegSegments.js';
import { findZeroedJpegData } from './jpeg/zeroedJpegData.js';
import type { TiffDirectory } from './tiffDirectory.js';

/** The format of a file. @throws InputError without a path if it is not supported */
export function supportedFormat(
  bytes: Uint8Array,
): Extract<ImageFormat, { format: string }>['format'] {
  const detected = detectFormat(bytes);
  if ('format' in detected) return detected.format;
  throw new InputError({
    path: '',
    message: `not a supported image: it looks like ${detected.looksLike}`,
    hint: detected.hint,
  });
}

/** Refuses images of so many pixels that decoding them would exhaust the memory. */
export function checkSize(
  { width, height }: { readonly width: number; readonly height: number },
  maximumPixels: number,
): void {
  if (width * height > maximumPixels)
    throw new InputError({
      path: '',
      message: `${width} x ${height} pixels are too many`,
      hint: `give an image of at most ${maximumPixels.toLocaleString('en')} pixels`,
    });
}

/** Refuses kinds of JPEG that decoders would call damaged although they are only unusual, and lost data that they do not notice. */
export function checkJpeg(bytes: Uint8Array): void {
  const { marker = 0, bits = 8, channels = 3 } = jpegFrame(bytes) ?? {};
  const unusual =
    bits !== 8
      ? `${bits}-bit values`
      : marker > 0xc2
        ? 'lossless or arithmetic coding'
        : [1, 3, 4].includes(channels)
          ? undefined
          : `${channels} channels`;
  if (unusual !== undefined)
    throw new InputError({
      path: '',
      message: `is a JPEG file with ${unusual}, which is not supported`,
      hint: 'convert it to PNG or TIFF without changing its values',
    });
  const zeros = findZeroedJpegData(bytes);
  if (zeros !== undefined)
    throw new InputError({
      path: '',
      message: `damaged JPEG file: its image data is all zeros from byte ${zeros}`,
    });
}

/** Refuses TIFF files that decoders would call damaged, or would read as something else than they are. */
export function checkPages([page, ...others]: readonly TiffDirectory[]): void {
  if (page === undefined) return;
  const { bitsPerSample, width, height } = page;
  if (bitsPerSample > 8 && bitsPerSample % 8 !== 0)
    throw new InputError({
      path: '',
      message: `its ${bitsPerSample}-bit values are packed without gaps, which is not supported`,
      hint: 'save the values unchanged in a 16-bit file',
    });
  const larger = others.findIndex((other) => other.width * other.height > width * height);
  if (larger >= 0)
    throw new InputError({
      path: '',
      message: `its first page, ${width} x ${height} pixels, is smaller than page ${larger + 2}, ${others[larger].width} x ${others[larger].height}, and so may be a thumbnail`,
      hint: 'give a file with one page, or with the image as its first page',
    });
}
