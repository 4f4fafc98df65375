import { PbfWriter } from 'pbf';

/** A scalar of one moment of a run. */
export interface ScalarPoint {
  /** Name in TensorBoard, with slashes for its groups. */
  readonly tag: string;
  readonly value: number;
  /** Steps done. */
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
}

/** A protocol buffer `tensorflow.Event` with one scalar, or with the version line that starts a file. */
export function encodeEvent(
  event: ScalarPoint | { readonly version: string; readonly time: number },
): Uint8Array {
  const message = new PbfWriter();
  message.writeDoubleField(1, event.time);
  if ('version' in event) message.writeStringField(3, event.version);
  else {
    message.writeVarintField(2, event.step);
    message.writeMessage(5, writeSummary, event);
  }
  return message.finish();
}

/** `Summary { value: [Summary.Value { tag, simple_value }] }`. */
function writeSummary(point: ScalarPoint, summary: PbfWriter): void {
  summary.writeMessage(1, writeValue, point);
}

function writeValue({ tag, value }: ScalarPoint, writer: PbfWriter): void {
  writer.writeStringField(1, tag);
  writer.writeFloatField(2, value);
}

/**
 * One record of TensorFlow's TFRecord format (tensorflow/core/lib/io/record_writer.h): length (uint64), its masked
 * CRC-32C, the data, its masked CRC-32C; little-endian.
 */
export function encodeRecord(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(record.subarray(0, 8)), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return record;
}

/** A stored checksum is rotated and shifted by a constant, so that a checksum over checksums is no weaker. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

/** CRC-32C (Castagnoli polynomial, RFC 3720 appendix B.4); Node's `zlib.crc32` uses another polynomial. */
export function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ crcTable[(value ^ byte) & 0xff];
  return (value ^ 0xffffffff) >>> 0;
}
