import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './halfPrecision.js';
import {
  BYTES_PER_ELEMENT,
  type StoredElements,
  type StoredTensor,
  type StoredType,
} from './storedTensor.js';

/** Decodes the little-endian bytes of a file. Shares the memory of `bytes` if type and alignment allow it. */
export function decodeElements(bytes: Uint8Array, dtype: StoredType): StoredElements {
  const size = BYTES_PER_ELEMENT[dtype];
  // slice() of a Node Buffer would not copy.
  const { buffer, byteOffset } = bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
  const length = bytes.byteLength / size;
  switch (dtype) {
    case 'F64':
      return new Float64Array(buffer, byteOffset, length);
    case 'F32':
      return new Float32Array(buffer, byteOffset, length);
    case 'F16':
      return fromFloat16(new Uint16Array(buffer, byteOffset, length));
    case 'BF16':
      return fromBfloat16(new Uint16Array(buffer, byteOffset, length));
    case 'I64':
      return new BigInt64Array(buffer, byteOffset, length);
    case 'I32':
      return new Int32Array(buffer, byteOffset, length);
    case 'I16':
      return new Int16Array(buffer, byteOffset, length);
    case 'I8':
      return new Int8Array(buffer, byteOffset, length);
    case 'U64':
      return new BigUint64Array(buffer, byteOffset, length);
    case 'U32':
      return new Uint32Array(buffer, byteOffset, length);
    case 'U16':
      return new Uint16Array(buffer, byteOffset, length);
    case 'U8':
    case 'BOOL':
      return new Uint8Array(buffer, byteOffset, length);
  }
}

/**
 * Encodes elements as the little-endian bytes of a file.
 * @throws TypeError if the array does not match the element type
 */
export function encodeElements({ dtype, data }: Pick<StoredTensor, 'dtype' | 'data'>): Uint8Array {
  const expected = ELEMENTS_OF[dtype];
  if (!(data instanceof expected))
    throw new TypeError(
      `Elements of type ${dtype} must be a ${expected.name}, got a ${data.constructor.name}.`,
    );
  const array =
    dtype === 'F16'
      ? toFloat16(data as Float32Array)
      : dtype === 'BF16'
        ? toBfloat16(data as Float32Array)
        : data;
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

const ELEMENTS_OF: Readonly<
  Record<StoredType, abstract new (...parameters: never[]) => StoredElements>
> = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Float32Array,
  BF16: Float32Array,
  I64: BigInt64Array,
  I32: Int32Array,
  I16: Int16Array,
  I8: Int8Array,
  U64: BigUint64Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};
