import { InputError } from '@nonlocal-med/core';

/** Reads numbers and text from bytes in order. Reading past the end throws an InputError. */
export class ByteReader {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    private readonly name: string,
    public position = 0,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  uint8(): number {
    return this.view.getUint8(this.advance(1));
  }

  uint16(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.advance(4), true);
  }

  /** An unsigned 64-bit length, at most the file's. */
  length64(): number {
    const value = this.view.getBigUint64(this.advance(8), true);
    if (value > BigInt(this.bytes.length))
      throw this.error(`declares a length of ${value} in a file of ${this.bytes.length} bytes`);
    return Number(value);
  }

  float64BigEndian(): number {
    return this.view.getFloat64(this.advance(8), false);
  }

  take(length: number): Uint8Array {
    const start = this.advance(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return new TextDecoder().decode(this.take(length));
  }

  /** Text up to a line feed, which is consumed but not returned. */
  line(limit: number): string {
    const end = this.bytes.subarray(this.position, this.position + limit).indexOf(0x0a);
    if (end < 0)
      throw this.error(`has no end of line within ${limit} bytes after byte ${this.position}`);
    const text = this.text(end);
    this.position++;
    return text;
  }

  error(message: string): InputError {
    return new InputError({ path: this.name, message });
  }

  private advance(length: number): number {
    if (length > this.remaining)
      throw this.error(
        `ends at byte ${this.bytes.length} where ${length} bytes are needed from byte ${this.position}: it is truncated or damaged`,
      );
    const start = this.position;
    this.position += length;
    return start;
  }
}
