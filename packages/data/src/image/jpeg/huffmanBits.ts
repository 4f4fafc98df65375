/** By the next 16 bits of the data: the length of the code in the upper byte, its symbol in the lower; 0 for no code. */
export type HuffmanTable = Uint16Array;

/** Reads a segment of tables: those of first coefficients by their number, those of others by 16 + number. */
export function readTables(body: Uint8Array, tables: Map<number, HuffmanTable>): void {
  let at = 0;
  while (at + 17 <= body.length) {
    const counts = body.subarray(at + 1, at + 17);
    const table = new Uint16Array(65536);
    let symbol = at + 17;
    let code = 0;
    counts.forEach((count, i) => {
      const bits = i + 1;
      for (let k = 0; k < count; k++, symbol++, code++) {
        const from = code << (16 - bits);
        table.fill(bits * 256 + body[symbol], from, from + (1 << (16 - bits)));
      }
      code <<= 1;
    });
    tables.set(body[at], table);
    at = symbol;
  }
}

/** A position in entropy-coded data. Behind its end come zeros, which are counted. */
export interface BitReader {
  readonly data: Uint8Array;
  at: number;
  /** The next bits, the last one in the lowest place. */
  window: number;
  bits: number;
  /** Bits in the window that lie behind the end of the data. */
  missing: number;
}

export const readerOf = (data: Uint8Array): BitReader => ({
  data,
  at: 0,
  window: 0,
  bits: 0,
  missing: 0,
});

function fill(reader: BitReader): void {
  while (reader.bits <= 16) {
    let byte = 0;
    if (reader.at < reader.data.length) {
      byte = reader.data[reader.at++];
      if (byte === 0xff && reader.data[reader.at] === 0) reader.at++;
    } else reader.missing += 8;
    reader.window = ((reader.window << 8) | byte) & 0xffffff;
    reader.bits += 8;
  }
}

/** The next symbol; -1 if no code fits. */
export function readSymbol(reader: BitReader, table: HuffmanTable): number {
  fill(reader);
  const entry = table[(reader.window >> (reader.bits - 16)) & 0xffff];
  if (entry === 0) return -1;
  reader.bits -= entry >> 8;
  return entry & 255;
}

/** The next `count` bits, at most 16, as a number. */
export function readBits(reader: BitReader, count: number): number {
  fill(reader);
  reader.bits -= count;
  return (reader.window >> reader.bits) & ((1 << count) - 1);
}

/** Whether more bits were read than there are. */
export const isExhausted = ({ bits, missing }: BitReader): boolean => missing > bits;

/** Whether less than a byte is left, apart from fill bytes before a marker. */
export function isFinished(reader: BitReader): boolean {
  if (isExhausted(reader)) return false;
  const { data, at, window, bits, missing } = reader;
  const left = bits - missing;
  const ones = (1 << left) - 1;
  if (left >= 8 && ((window >> missing) & ones) !== ones) return false;
  return data.subarray(at).every((byte) => byte === 0xff);
}
