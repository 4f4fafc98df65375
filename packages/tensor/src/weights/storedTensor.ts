/** Element types of weight files, named as in safetensors. */
export type StoredType =
  | 'F64'
  | 'F32'
  | 'F16'
  | 'BF16'
  | 'I64'
  | 'I32'
  | 'I16'
  | 'I8'
  | 'U64'
  | 'U32'
  | 'U16'
  | 'U8'
  | 'BOOL';

/** Elements in memory. Half-precision types are widened to Float32Array, which represents them exactly; BOOL is 0 or 1. */
export type StoredElements =
  | Float64Array
  | Float32Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** One tensor of a weight file: its elements in row-major order, its shape, and its element type in the file. */
export interface StoredTensor {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly data: StoredElements;
}

/** Bytes of one element in the file. */
export const BYTES_PER_ELEMENT: Readonly<Record<StoredType, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
};

/** Number of elements of a shape; undefined if it is not a valid shape or has more than `limit` elements. */
export function elementCount(shape: readonly unknown[], limit: number): number | undefined {
  if (!shape.every((size): size is number => Number.isSafeInteger(size) && (size as number) >= 0))
    return undefined;
  if (shape.includes(0)) return 0;
  let count = 1;
  for (const size of shape) {
    count *= size;
    if (count > limit) return undefined;
  }
  return count;
}
