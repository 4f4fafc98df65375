import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/**
 * What the files in a ZIP archive come to when unpacked, found by unpacking them: what an archive says of itself may be
 * wrong, and a megabyte can hold a gigabyte.
 * @throws RangeError as soon as it is more than `limit` bytes; Error when it is no ZIP archive or a damaged one.
 */
export function inflatedSize(bytes: Buffer, limit: number): number {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0 || bytes.readUInt32LE(end) !== END)
    throw new Error('it has no directory of its files');
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  let size = 0;
  for (let entry = 0; entry < count; entry++) {
    if (bytes.readUInt32LE(at) !== ENTRY) throw new Error('its directory of files is damaged');
    size += sizeOf(bytes, {
      local: bytes.readUInt32LE(at + 42),
      packed: bytes.readUInt32LE(at + 20),
      left: limit - size,
    });
    at +=
      46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return size;
}

function sizeOf(
  bytes: Buffer,
  { local, packed, left }: { local: number; packed: number; left: number },
): number {
  if (bytes.readUInt32LE(local) !== LOCAL) throw new Error('its directory of files is damaged');
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(start, start + packed);
  const stored = bytes.readUInt16LE(local + 8) === 0;
  if (stored && content.length > left) throw new RangeError('too large');
  return stored
    ? content.length
    : inflateRawSync(content, { maxOutputLength: Math.max(left, 1) }).length;
}
