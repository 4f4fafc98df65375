import { InputError } from '@nonlocal-med/core';

/** An array of float32 as NumPy stores it. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const MAGIC = '\x93NUMPY\x01\x00';

/** Encodes an array as a file that `numpy.load` reads (format 1.0, little-endian, row-major). */
export function encodeNpy({ shape, values }: NpyArray): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The header ends with a line feed, at a multiple of 64 bytes.
  const length = Math.ceil((MAGIC.length + 2 + text.length + 1) / 64) * 64 - MAGIC.length - 2;
  const header = Buffer.alloc(MAGIC.length + 2 + length, ' ', 'latin1');
  header.write(MAGIC, 'latin1');
  header.writeUInt16LE(length, MAGIC.length);
  header.write(text, MAGIC.length + 2, 'latin1');
  header.write('\n', header.length - 1, 'latin1');
  return Buffer.concat([
    header,
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

/**
 * Decodes what {@link encodeNpy} wrote.
 * @param path names the file in errors
 * @throws InputError if it is damaged or something else
 */
export function decodeNpy(bytes: Uint8Array, path: string): NpyArray {
  const file = Buffer.from(bytes);
  const start = MAGIC.length + 2;
  const length = file.length > start ? file.readUInt16LE(MAGIC.length) : 0;
  const header = file.toString('latin1', start, start + length);
  const [, sizes] =
    /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]+)\), \} *\n$/.exec(header) ?? [];
  const shape = (sizes ?? '')
    .split(',')
    .map(Number)
    .filter((size) => size > 0);
  const values = file.subarray(start + length);
  const expected = 4 * shape.reduce((product, size) => product * size, 1);
  if (!file.toString('latin1', 0, start).startsWith(MAGIC) || values.length !== expected)
    throw new InputError({
      path,
      message: 'is not the array of float32 that an export writes, or is cut off',
      hint: 'the file as `export` wrote it',
    });
  return { shape, values: new Float32Array(Uint8Array.from(values).buffer) };
}
