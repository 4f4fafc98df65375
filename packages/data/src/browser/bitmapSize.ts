import { isFrame, jpegSegments } from '../image/jpeg/jpegSegments.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size that the header of a JPEG or WebP file states; null if there is none, which decoders then refuse. */
export function bitmapSize(bytes: Uint8Array, format: 'JPEG' | 'WebP'): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return format === 'JPEG' ? jpegSize(bytes, view) : webpSize(view);
}

function jpegSize(bytes: Uint8Array, view: DataView): Size | null {
  for (const { marker, start } of jpegSegments(bytes))
    if (isFrame(marker) && start + 9 <= bytes.length)
      return { height: view.getUint16(start + 5), width: view.getUint16(start + 7) };
  return null;
}

/** Of the first chunk: lossy, lossless, or extended with a canvas (RFC 9649). */
function webpSize(view: DataView): Size | null {
  if (view.byteLength < 30) return null;
  const uint24 = (at: number): number => view.getUint16(at, true) + 0x10000 * view.getUint8(at + 2);
  switch (view.getUint32(12)) {
    case 0x56503820: // 'VP8 '
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case 0x5650384c: {
      const bits = view.getUint32(21, true); // 'VP8L'
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
    }
    case 0x56503858: // 'VP8X'
      return { width: 1 + uint24(24), height: 1 + uint24(27) };
    default:
      return null;
  }
}
