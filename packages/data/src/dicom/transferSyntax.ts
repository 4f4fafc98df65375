import { InputError } from '@nonlocal-med/core';

/** How the pixels of a DICOM file are encoded. */
export type PixelEncoding =
  'raw' | 'rle' | 'jpeg' | 'jpeg-lossless' | 'jpeg-ls' | 'jpeg-2000' | 'htj2k';

/** A transfer syntax that is read: the byte order and encoding of a DICOM file (DICOM PS3.5, section 10). */
export interface TransferSyntax {
  readonly name: string;
  readonly encoding: PixelEncoding;
  readonly bigEndian?: true;
}

/** What all transfer syntax UIDs begin with. */
const ROOT = '1.2.840.10008.1.2';

const SUPPORTED: Readonly<Record<string, TransferSyntax>> = {
  '': { name: 'Implicit VR Little Endian', encoding: 'raw' },
  '.1': { name: 'Explicit VR Little Endian', encoding: 'raw' },
  '.1.98': { name: 'Encapsulated Uncompressed', encoding: 'raw' },
  '.1.99': { name: 'Deflated Explicit VR Little Endian', encoding: 'raw' },
  '.2': { name: 'Explicit VR Big Endian', encoding: 'raw', bigEndian: true },
  '.4.50': { name: 'JPEG Baseline', encoding: 'jpeg' },
  '.4.51': { name: 'JPEG Extended', encoding: 'jpeg' },
  '.4.57': { name: 'JPEG Lossless', encoding: 'jpeg-lossless' },
  '.4.70': { name: 'JPEG Lossless, first-order prediction', encoding: 'jpeg-lossless' },
  '.4.80': { name: 'JPEG-LS Lossless', encoding: 'jpeg-ls' },
  '.4.81': { name: 'JPEG-LS Near-Lossless', encoding: 'jpeg-ls' },
  '.4.90': { name: 'JPEG 2000 Lossless', encoding: 'jpeg-2000' },
  '.4.91': { name: 'JPEG 2000', encoding: 'jpeg-2000' },
  '.4.201': { name: 'High-Throughput JPEG 2000 Lossless', encoding: 'htj2k' },
  '.4.202': { name: 'High-Throughput JPEG 2000 with RPCL, Lossless', encoding: 'htj2k' },
  '.4.203': { name: 'High-Throughput JPEG 2000', encoding: 'htj2k' },
  '.5': { name: 'RLE Lossless', encoding: 'rle' },
};

/** Names of families that are not read, by what their UIDs continue with. */
const REFUSED: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^\.4\.10[0-6](\.1)?$/, 'MPEG video'],
  [/^\.4\.10[78]$/, 'HEVC video'],
  [/^\.7\./, 'SMPTE ST 2110 video'],
  [/^\.4\.11[0-2]$/, 'JPEG XL'],
  [/^\.4\.9[23]$/, 'JPEG 2000 Part 2, multi-component'],
  [/^\.4\.(9[45]|20[45])$/, 'JPIP, whose pixels are on a server'],
  [/^\.4\./, 'a retired form of JPEG'],
];

/**
 * The transfer syntax of a UID.
 *
 * @throws InputError without a path that names what is not read: video, JPEG XL, retired forms of JPEG
 */
export function transferSyntaxOf(uid: string): TransferSyntax {
  const rest = uid.startsWith(ROOT) ? uid.slice(ROOT.length) : undefined;
  const syntax = rest === undefined ? undefined : SUPPORTED[rest];
  if (syntax !== undefined) return syntax;
  const name = REFUSED.find(([pattern]) => rest !== undefined && pattern.test(rest))?.[1];
  throw new InputError({
    path: '',
    message: `is a DICOM file whose pixels are encoded as ${name === undefined ? '' : `${name}, `}transfer syntax ${uid || 'unknown'}, which is not supported`,
    hint: 'convert it to Explicit VR Little Endian, for example with gdcmconv --raw',
  });
}
