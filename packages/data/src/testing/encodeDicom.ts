/** Attributes of a DICOM file for tests: by tag, with the value representation that the value has. */
export type DicomElements = Readonly<
  Record<
    string,
    readonly [
      vr: 'US' | 'SS' | 'CS' | 'DS' | 'IS' | 'LO' | 'PN' | 'UI' | 'DA' | 'AS' | 'OW' | 'SQ',
      value: DicomValue,
    ]
  >
>;
type DicomValue = string | number | readonly number[] | Uint8Array | readonly DicomElements[];

/** What {@link encodeDicom} writes. */
export interface DicomFileContent {
  readonly rows: number;
  readonly columns: number;
  readonly elements?: DicomElements;
  /** Pixels as they are in the file: bytes, or the fragments of compressed frames. */
  readonly pixels: Uint8Array | readonly Uint8Array[];
  readonly transferSyntax?: string;
}

/** A DICOM file in explicit little endian order: 16-bit MONOCHROME2 unless the elements say otherwise. */
export function encodeDicom({
  rows,
  columns,
  elements = {},
  pixels,
  transferSyntax = '1.2.840.10008.1.2.1',
}: DicomFileContent): Buffer {
  const defaults: DicomElements = {
    '00280002': ['US', 1],
    '00280004': ['CS', 'MONOCHROME2'],
    '00280010': ['US', rows],
    '00280011': ['US', columns],
    '00280100': ['US', 16],
    '00280101': ['US', 16],
    '00280102': ['US', 15],
    '00280103': ['US', 0],
  };
  const meta = encodeElements({ '00020010': ['UI', transferSyntax] });
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    meta,
    encodeElements({ ...defaults, ...elements }),
    pixels instanceof Uint8Array ? encodeElement('7FE00010', 'OW', pixels) : encapsulate(pixels),
  ]);
}

/** 16-bit values as the bytes of a file. */
export const wordBytes = (values: ArrayLike<number>): Uint8Array =>
  new Uint8Array(Uint16Array.from(values).buffer);

const encodeElements = (elements: DicomElements): Buffer =>
  Buffer.concat(
    Object.entries(elements)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([tag, [vr, value]]) => encodeElement(tag, vr, value)),
  );

function encodeElement(tag: string, vr: string, value: DicomValue): Buffer {
  const bytes = padded(valueBytes(vr, value));
  const header = Buffer.alloc(8);
  header.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  header.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
  header.write(vr, 4, 'latin1');
  if (vr !== 'OW' && vr !== 'SQ') {
    header.writeUInt16LE(bytes.length, 6);
    return Buffer.concat([header, bytes]);
  }
  return Buffer.concat([header, uint32(bytes.length), bytes]);
}

function valueBytes(vr: string, value: DicomValue): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (vr === 'SQ')
    return Buffer.concat(
      (value as readonly DicomElements[]).map((item) => {
        const bytes = encodeElements(item);
        return Buffer.concat([itemTag(0xe000), uint32(bytes.length), bytes]);
      }),
    );
  if (typeof value === 'string') return Buffer.from(value, 'latin1');
  const numbers = typeof value === 'number' ? [value] : (value as readonly number[]);
  return vr === 'US' || vr === 'SS' || vr === 'OW'
    ? wordBytes(numbers)
    : Buffer.from(numbers.join('\\'), 'latin1');
}

/** Fragments without an offset table. */
function encapsulate(fragments: readonly Uint8Array[]): Buffer {
  const header = encodeElement('7FE00010', 'OW', new Uint8Array(0));
  header.writeUInt32LE(0xffffffff, 8);
  const items = fragments.map((fragment) => {
    const bytes = padded(fragment);
    return Buffer.concat([itemTag(0xe000), uint32(bytes.length), bytes]);
  });
  return Buffer.concat([header, itemTag(0xe000), uint32(0), ...items, itemTag(0xe0dd), uint32(0)]);
}

function itemTag(element: number): Buffer {
  const tag = Buffer.alloc(4);
  tag.writeUInt16LE(0xfffe, 0);
  tag.writeUInt16LE(element, 2);
  return tag;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value, 0);
  return bytes;
}

const padded = (bytes: Uint8Array): Uint8Array =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
