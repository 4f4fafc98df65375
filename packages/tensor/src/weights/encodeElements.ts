import { toBfloat16, toFloat16 } from './halfPrecision.js';
import type { StoredElements, StoredTensor, StoredType } from './storedTensor.js';

/** Elements as the little-endian bytes of a file. Throws when the array's kind is not the type's. */
export function encodeElements({ dtype, data }: Pick<StoredTensor, 'dtype' | 'data'>): Uint8Array {
  const expected = ELEMENTS_OF[dtype];
  if (!(data instanceof expected))
    throw new TypeError(
      `Elements of type ${dtype} are a ${expected.name}, got a ${data.constructor.name}.`,
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
