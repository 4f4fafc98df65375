import type { StoredType } from '../storedTensor.js';

/** Storage classes and dtypes of torch that weight files use, with the names they have in a pickle. */
const TYPES: readonly (readonly [storage: string | undefined, dtype: string, type: StoredType])[] =
  [
    ['DoubleStorage', 'float64', 'F64'],
    ['FloatStorage', 'float32', 'F32'],
    ['HalfStorage', 'float16', 'F16'],
    ['BFloat16Storage', 'bfloat16', 'BF16'],
    ['LongStorage', 'int64', 'I64'],
    ['IntStorage', 'int32', 'I32'],
    ['ShortStorage', 'int16', 'I16'],
    ['CharStorage', 'int8', 'I8'],
    ['ByteStorage', 'uint8', 'U8'],
    ['BoolStorage', 'bool', 'BOOL'],
    [undefined, 'uint64', 'U64'],
    [undefined, 'uint32', 'U32'],
    [undefined, 'uint16', 'U16'],
  ];

/** `torch.FloatStorage` -> F32 and so on. */
export const TORCH_STORAGES: ReadonlyMap<string, StoredType> = new Map(
  TYPES.flatMap(([storage, , type]) =>
    storage === undefined ? [] : [[`torch.${storage}`, type] as const],
  ),
);

/** `torch.float32` -> F32 and so on. */
export const TORCH_DTYPES: ReadonlyMap<string, StoredType> = new Map(
  TYPES.map(([, dtype, type]) => [`torch.${dtype}`, type]),
);
