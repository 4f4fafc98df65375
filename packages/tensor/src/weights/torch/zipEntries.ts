import { InputError } from '@nonlocal-med/core';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_EXTRA = 0x0001;
const ENCRYPTED = 1;
/** Sizes and offsets with this value are in the zip64 extra field. */
const IN_ZIP64 = 0xffffffff;

interface DirectoryEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly size: number;
  readonly localOffset: number;
}

/**
 * The entries of a zip archive that stores them uncompressed, as torch.save does: views into `file`, nothing is copied or
 * inflated. Supports zip64. Checksums are verified if the archive has them.
 * @throws InputError for anything compressed, encrypted, duplicate, overlapping, outside the file or damaged
 */
export function zipEntries(file: Uint8Array, name: string): Map<string, Uint8Array> {
  const archive = new Archive(file, name);
  const entries = archive
    .directory()
    .map((entry) => ({ name: entry.name, crc: entry.crc, ...archive.locate(entry) }));
  refuseOverlaps(entries, name);
  const result = new Map<string, Uint8Array>();
  for (const { name: path, start, end, crc } of entries) {
    if (result.has(path)) throw new InputError({ path: name, message: `contains '${path}' twice` });
    const content = file.subarray(start, end);
    if (crc !== 0 && crc32(content) !== crc)
      throw new InputError({
        path: `${name}: ${path}`,
        message: 'has a wrong checksum: the file is damaged',
      });
    result.set(path, content);
  }
  return result;
}

function refuseOverlaps(
  entries: readonly { name: string; start: number; end: number }[],
  name: string,
): void {
  let previous = { name: '', end: 0 };
  for (const entry of entries
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start)) {
    if (entry.start < previous.end)
      throw new InputError({
        path: name,
        message: `'${previous.name}' and '${entry.name}' overlap`,
      });
    previous = entry;
  }
}

/** Reads the records of an archive; every read is checked against the file's length. */
class Archive {
  private readonly view: DataView;

  constructor(
    private readonly file: Uint8Array,
    private readonly name: string,
  ) {
    this.view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  }

  directory(): DirectoryEntry[] {
    const { offset, bytes, count } = this.directoryLocation();
    const end = offset + bytes;
    if (end > this.file.length || count * CENTRAL_BYTES > bytes)
      throw this.error(
        `declares a directory of ${count} entries in ${bytes} bytes at byte ${offset}, in a file of ${this.file.length}`,
      );
    const entries: DirectoryEntry[] = [];
    let at = offset;
    for (let i = 0; i < count; i++) {
      this.expect(at, CENTRAL_SIGNATURE, { length: CENTRAL_BYTES, kind: 'directory entry' });
      const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
        this.view.getUint16(at + field, true),
      );
      const next = at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
      if (next > end) throw this.error('has a directory entry that runs past the directory');
      entries.push(this.directoryEntry(at, { nameBytes, extraBytes }));
      at = next;
    }
    return entries;
  }

  /** The position of an entry's bytes in the file. */
  locate({ name, flags, method, compressed, size, localOffset }: DirectoryEntry): {
    start: number;
    end: number;
  } {
    if (flags & ENCRYPTED) throw this.error(`'${name}' is encrypted`);
    if (method !== 0 || compressed !== size)
      throw this.error(`'${name}' is compressed`, 'stored entries, as torch.save writes them');
    this.expect(localOffset, LOCAL_SIGNATURE, { length: LOCAL_BYTES, kind: `header of '${name}'` });
    const start =
      localOffset +
      LOCAL_BYTES +
      this.view.getUint16(localOffset + 26, true) +
      this.view.getUint16(localOffset + 28, true);
    if (start + size > this.file.length)
      throw this.error(
        `'${name}' needs ${size} bytes at byte ${start}, in a file of ${this.file.length}`,
      );
    return { start, end: start + size };
  }

  private directoryEntry(
    at: number,
    { nameBytes, extraBytes }: { nameBytes: number; extraBytes: number },
  ): DirectoryEntry {
    const nameStart = at + CENTRAL_BYTES;
    const sizes = [24, 20, 42].map((field) => this.view.getUint32(at + field, true)); // in the order of the zip64 field
    const [size, compressed, localOffset] = this.zip64Values(sizes, {
      start: nameStart + nameBytes,
      end: nameStart + nameBytes + extraBytes,
    });
    return {
      name: new TextDecoder().decode(this.file.subarray(nameStart, nameStart + nameBytes)),
      flags: this.view.getUint16(at + 8, true),
      method: this.view.getUint16(at + 10, true),
      crc: this.view.getUint32(at + 16, true),
      size,
      compressed,
      localOffset,
    };
  }

  private zip64Values(values: readonly number[], extra: { start: number; end: number }): number[] {
    if (!values.includes(IN_ZIP64)) return [...values];
    for (let at = extra.start; at + 4 <= extra.end;) {
      const [id, length] = [this.view.getUint16(at, true), this.view.getUint16(at + 2, true)];
      if (id === ZIP64_EXTRA && at + 4 + length <= extra.end) {
        let field = at + 4;
        return values.map((value) => {
          if (value !== IN_ZIP64) return value;
          if (field + 8 > at + 4 + length) throw this.error('has a zip64 field that is too short');
          field += 8;
          return this.uint64(field - 8);
        });
      }
      at += 4 + length;
    }
    throw this.error('has no zip64 field for a large entry');
  }

  private directoryLocation(): { offset: number; bytes: number; count: number } {
    const end = this.endRecord();
    const location = {
      offset: this.view.getUint32(end + 16, true),
      bytes: this.view.getUint32(end + 12, true),
      count: this.view.getUint16(end + 10, true),
    };
    const locator = end - ZIP64_LOCATOR_BYTES;
    if (locator < 0 || this.view.getUint32(locator, true) !== ZIP64_LOCATOR_SIGNATURE)
      return location;
    const zip64 = this.uint64(locator + 8);
    this.expect(zip64, ZIP64_END_SIGNATURE, {
      length: ZIP64_END_BYTES,
      kind: 'zip64 directory end',
    });
    return {
      offset: this.uint64(zip64 + 48),
      bytes: this.uint64(zip64 + 40),
      count: this.uint64(zip64 + 32),
    };
  }

  /** The end record comes last, followed by at most 65,535 bytes of comment. */
  private endRecord(): number {
    const last = this.file.length - END_BYTES;
    for (let at = last; at >= 0 && at >= last - 0xffff; at--) {
      if (this.view.getUint32(at, true) === END_SIGNATURE) return at;
    }
    throw this.error('has no zip directory: the file is truncated or is not a torch checkpoint');
  }

  private expect(
    at: number,
    signature: number,
    { length, kind }: { length: number; kind: string },
  ): void {
    if (at + length > this.file.length || this.view.getUint32(at, true) !== signature)
      throw this.error(`has no ${kind} at byte ${at}`);
  }

  private uint64(at: number): number {
    const value = this.view.getBigUint64(at, true);
    if (value > BigInt(this.file.length))
      throw this.error(
        `declares a size or offset of ${value} bytes in a file of ${this.file.length}`,
      );
    return Number(value);
  }

  private error(message: string, hint?: string): InputError {
    return new InputError({ path: this.name, message, hint });
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as zip uses it. */
function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (let i = 0; i < bytes.length; i++)
    value = CRC_TABLE[(value ^ bytes[i]) & 0xff] ^ (value >>> 8);
  return ~value >>> 0;
}
