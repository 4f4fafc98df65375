import { crc32c } from './crc32c.js';

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
