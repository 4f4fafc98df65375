/** The formats that are decoded, by their first bytes; for others, what the bytes look like. */
export function imageFormat(
  bytes: Uint8Array,
): { readonly format: 'JPEG' | 'PNG' | 'TIFF' | 'WebP' } | { readonly looksLike: string } {
  const text = (from: number, to: number): string =>
    String.fromCharCode(...bytes.subarray(from, to));
  const starts = (...values: number[]): boolean => values.every((value, i) => bytes[i] === value);
  if (starts(0xff, 0xd8, 0xff)) return { format: 'JPEG' };
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { format: 'PNG' };
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return { format: 'TIFF' };
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { format: 'WebP' };
  if (text(128, 132) === 'DICM') return { looksLike: 'a DICOM file' };
  if (text(0, 3) === 'GIF') return { looksLike: 'a GIF' };
  if (text(0, 2) === 'BM') return { looksLike: 'a BMP' };
  if (/^\s*</.test(text(0, 64))) return { looksLike: 'a web page or another XML text' };
  const first = [...bytes.subarray(0, 4)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  return { looksLike: `a file that begins with bytes ${first}` };
}
