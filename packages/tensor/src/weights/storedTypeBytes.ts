import type { StoredType } from './storedTensor.js';

/** Bytes of one element in the file. */
export const STORED_TYPE_BYTES: Readonly<Record<StoredType, number>> = {
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
