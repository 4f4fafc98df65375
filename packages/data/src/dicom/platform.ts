import type { RawImage } from '../image/decodeRaw.js';

/** What Node and browsers do by different means when they read a DICOM file. */
export interface DicomPlatform {
  /**
   * Inflates a raw DEFLATE stream; bytes behind it are ignored.
   * @throws Error if it is damaged, or grows beyond {@link MAXIMUM_INFLATED_BYTES}
   */
  readonly inflate: (bytes: Uint8Array) => Uint8Array;
  /** Decodes an 8-bit JPEG file. @throws Error if it is damaged, or has more pixels than allowed */
  readonly decodeJpeg: (
    bytes: Uint8Array,
    maximumPixels: number,
  ) => Promise<Pick<RawImage, 'values'>>;
}

/** A deflated file that grows beyond this many bytes is refused. */
export const MAXIMUM_INFLATED_BYTES = 2 ** 30;
