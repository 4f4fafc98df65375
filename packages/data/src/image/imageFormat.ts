/** A supported format, or what the first bytes of another file look like and what to do about it. */
export type ImageFormat =
  | { readonly format: 'JPEG' | 'PNG' | 'TIFF' | 'WebP' | 'DICOM' }
  | { readonly looksLike: string; readonly hint: string };

const CONVERT = 'supported are DICOM, JPEG, PNG, TIFF and WebP';

/** The format that a file's content announces, whatever its name. Needs the first 512 bytes. */
export function detectFormat(bytes: Uint8Array): ImageFormat {
  const text = (from: number, to: number): string =>
    String.fromCharCode(...bytes.subarray(from, to));
  // DICOM first: its preamble of 128 bytes is free, and some writers put a TIFF header there.
  if (isDicom(text)) return { format: 'DICOM' };
  if (text(0, 3) === '\xff\xd8\xff') return { format: 'JPEG' };
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return { format: 'PNG' };
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(text(0, 4))) return { format: 'TIFF' };
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { format: 'WebP' };
  const [looksLike, hint = CONVERT] = OTHERS.find(([, , matches]) => matches(text)) ?? [];
  if (looksLike !== undefined) return { looksLike, hint };
  const first = [...bytes.subarray(0, 4)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  return { looksLike: `a file that begins with the bytes ${first}`, hint: CONVERT };
}

type Text = (from: number, to: number) => string;

/** The magic after the preamble, or the first element of a file without one: group 0002 or 0008, and a type such as UL. */
const isDicom = (text: Text): boolean =>
  text(128, 132) === 'DICM' ||
  (['\x02\0', '\x08\0'].includes(text(0, 2)) && /^[A-Z]{2}$/.test(text(4, 6)));

const startsWith = (text: Text, ...beginnings: readonly string[]): boolean =>
  beginnings.some((beginning) => text(0, beginning.length) === beginning);

/** The brands in the first box of a file of the ISO base media format (AVIF, HEIC, MP4); empty for other files. */
const brands = (text: Text): string => (text(4, 8) === 'ftyp' ? text(8, 48) : '');

const OTHERS: readonly (readonly [
  looksLike: string,
  hint: string | undefined,
  matches: (text: Text) => boolean,
])[] = [
  ['an AVIF image', 'convert it to JPEG or PNG', (text) => /avi[fs]/.test(brands(text))],
  [
    'a HEIC image, as phones take them',
    'convert it to JPEG or PNG, or let the phone save JPEG ("most compatible")',
    (text) => /hei[cxms]|hev[cmx]|mif1|msf1/.test(brands(text)),
  ],
  ['a video or audio file', undefined, (text) => brands(text) !== ''],
  [
    'a pointer of Git LFS; the image itself has not been downloaded',
    'run `git lfs pull` in the repository it comes from',
    (text) => text(0, 42) === 'version https://git-lfs.github.com/spec/v1',
  ],
  [
    'a JPEG 2000 image',
    undefined,
    (text) => startsWith(text, '\0\0\0\x0cjP  ', '\xff\x4f\xff\x51'),
  ],
  ['a JPEG XL image', undefined, (text) => startsWith(text, '\0\0\0\x0cJXL ', '\xff\x0a')],
  ['a GIF', undefined, (text) => text(0, 3) === 'GIF'],
  ['a BMP', undefined, (text) => text(0, 2) === 'BM'],
  ['a Photoshop file', undefined, (text) => text(0, 4) === '8BPS'],
  ['a PDF', 'extract its images', (text) => text(0, 4) === '%PDF'],
  [
    'a NIfTI volume',
    'save its slices as 16-bit PNG or TIFF',
    (text) => /^n[+i]1$/.test(text(344, 347)),
  ],
  ['an NRRD volume', 'save its slices as 16-bit PNG or TIFF', (text) => text(0, 4) === 'NRRD'],
  ['a ZIP archive', 'unpack it', (text) => text(0, 4) === 'PK\x03\x04'],
  ['a gzip archive', 'unpack it', (text) => text(0, 2) === '\x1f\x8b'],
  [
    'a web page or other XML text',
    'download the image again: servers send such a page instead of an image that they refuse',
    (text) => /^\s*</.test(text(0, 64)),
  ],
];
