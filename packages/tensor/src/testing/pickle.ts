/** Composes pickles and zip archives by hand, including files that torch would never write. */

const encoder = new TextEncoder();

export function bytes(...parts: (string | number | Uint8Array | readonly number[])[]): Uint8Array {
  const arrays = parts.map((part) =>
    typeof part === 'string'
      ? encoder.encode(part)
      : typeof part === 'number'
        ? Uint8Array.of(part)
        : Uint8Array.from(part),
  );
  const result = new Uint8Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    result.set(array, at);
    at += array.length;
  }
  return result;
}

export function uint32(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

export function text(value: string): Uint8Array {
  const encoded = encoder.encode(value);
  return bytes('X', uint32(encoded.length), encoded);
}

export function global(module: string, name: string): Uint8Array {
  return bytes(`c${module}\n${name}\n`);
}

export function integer(value: number): Uint8Array {
  return bytes('J', uint32(value));
}

export function tuple(...items: Uint8Array[]): Uint8Array {
  return bytes('(', ...items, 't');
}

/** A state_dict of one tensor on float storage '0'. */
export function tensorPickle({
  name = 'w',
  length = 4,
  offset = 0,
  shape = [4],
  strides = [1],
  storageClass = global('torch', 'FloatStorage'),
}: {
  name?: string;
  length?: number;
  offset?: number;
  shape?: number[];
  strides?: number[];
  storageClass?: Uint8Array;
} = {}): Uint8Array {
  const storage = bytes(
    tuple(text('storage'), storageClass, text('0'), text('cpu'), integer(length)),
    'Q',
  );
  const parameters = tuple(
    storage,
    integer(offset),
    tuple(...shape.map(integer)),
    tuple(...strides.map(integer)),
    bytes(0x89),
    bytes('}'),
  );
  return bytes(
    0x80,
    2,
    '}',
    text(name),
    global('torch._utils', '_rebuild_tensor_v2'),
    parameters,
    'R',
    's',
    '.',
  );
}

/** A zip archive of stored entries; `tamper` changes the record of an entry before it is written. */
export function zip(
  entries: Readonly<Record<string, Uint8Array>>,
  tamper: (entry: {
    method: number;
    flags: number;
    size: number;
    offset: number;
    crc: number;
  }) => void = () => undefined,
): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const record = { method: 0, flags: 0, size: content.length, offset, crc: 0 };
    tamper(record);
    const nameBytes = encoder.encode(name);
    const common = bytes(
      [20, 0],
      [record.flags, 0],
      [record.method, 0],
      uint32(0),
      uint32(record.crc),
      uint32(content.length),
      uint32(record.size),
      [nameBytes.length, 0],
      [0, 0],
    );
    const local = bytes('PK', [3, 4], common, nameBytes, content);
    parts.push(local);
    directory.push(
      bytes(
        'PK',
        [1, 2],
        [20, 0],
        common,
        [0, 0],
        [0, 0],
        [0, 0],
        uint32(0),
        uint32(record.offset),
        nameBytes,
      ),
    );
    offset += local.length;
  }
  const central = bytes(...directory);
  const count = [directory.length & 0xff, directory.length >> 8];
  return bytes(
    ...parts,
    central,
    'PK',
    [5, 6],
    [0, 0, 0, 0],
    count,
    count,
    uint32(central.length),
    uint32(offset),
    [0, 0],
  );
}

/** A torch archive around a pickle and one storage. */
export function torchZip(pickle: Uint8Array, storage: Uint8Array = new Uint8Array(16)): Uint8Array {
  return zip({ 'a/data.pkl': pickle, 'a/byteorder': bytes('little'), 'a/data/0': storage });
}
