import type { InputError } from '@nonlocal-med/core';
import type { StoredType } from '../storedTensor.js';
import { PickledGlobal, PickledStorage, PickledTensor, PickledTuple } from './pickledValues.js';

/** Weights of networks have at most 5. */
const MAX_DIMENSIONS = 16;

/** Makes the error of a pickle that does something, e.g. "calls 'os.system'". */
type ErrorOf = (message: string) => InputError;
type Call = (parameters: readonly unknown[], error: ErrorOf) => unknown;

/** Storage classes and dtypes of torch that weight files use, by their names in a pickle. */
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
const STORAGES: ReadonlyMap<string, StoredType> = new Map(
  TYPES.flatMap(([storage, , type]) =>
    storage === undefined ? [] : [[`torch.${storage}`, type] as const],
  ),
);
const UNTYPED_STORAGES = new Set(['torch.storage.UntypedStorage', 'torch.UntypedStorage']);

/** `torch.float32` -> F32 and so on. */
const DTYPES: ReadonlyMap<string, StoredType> = new Map(
  TYPES.map(([, dtype, type]) => [`torch.${dtype}`, type]),
);

/** The functions that a pickle may call. Each builds plain data from plain data. */
const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['collections.OrderedDict', ([items]) => orderedDictionary(items)],
  [
    'torch._utils._rebuild_tensor',
    ([storage, offset, shape, strides], error) =>
      rebuildTensor({ storage, offset, shape, strides }, error),
  ],
  [
    'torch._utils._rebuild_tensor_v2',
    ([storage, offset, shape, strides], error) =>
      rebuildTensor({ storage, offset, shape, strides }, error),
  ],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , dtype], error) =>
      rebuildTensor({ storage, offset, shape, strides, dtype }, error),
  ],
  ['torch._utils._rebuild_parameter', ([data], error) => rebuildParameter(data, error)],
  ['torch._utils._rebuild_parameter_with_state', ([data], error) => rebuildParameter(data, error)],
  [
    'torch.Size',
    ([sizes]) =>
      sizes instanceof PickledTuple ? sizes : new PickledTuple(Array.isArray(sizes) ? sizes : []),
  ],
  ['torch.device', ([device]) => (typeof device === 'string' ? device : 'device')],
]);

/** Whether a checkpoint may mention a name. */
export function isAllowedGlobal(name: string): boolean {
  return CALLS.has(name) || STORAGES.has(name) || DTYPES.has(name) || UNTYPED_STORAGES.has(name);
}

/**
 * The result of a pickle's REDUCE instruction. Only the functions listed above are ever run.
 * @throws InputError if something else is called
 */
export function callGlobal(callee: unknown, parameters: unknown, error: ErrorOf): unknown {
  const call = callee instanceof PickledGlobal ? CALLS.get(callee.name) : undefined;
  if (call === undefined) {
    const name = callee instanceof PickledGlobal ? `'${callee.name}'` : 'a value';
    throw error(`calls ${name}, which is not a function that weight files need`);
  }
  if (!(parameters instanceof PickledTuple))
    throw error('calls a function without a tuple of arguments');
  return call(parameters.items, error);
}

/**
 * The storage that a persistent id ('storage', class, key, location, length, ...) refers to.
 * @throws InputError if it refers to anything else
 */
export function storageOf(id: unknown, error: ErrorOf): PickledStorage {
  const [kind, type, key, , length, view] = id instanceof PickledTuple ? id.items : [];
  const dtype = type instanceof PickledGlobal ? STORAGES.get(type.name) : undefined;
  const isUntyped = type instanceof PickledGlobal && UNTYPED_STORAGES.has(type.name);
  if (
    kind !== 'storage' ||
    (dtype === undefined && !isUntyped) ||
    (typeof key !== 'string' && typeof key !== 'number') ||
    !isSize(length)
  )
    throw error('refers to a storage in an unknown way');
  if (view !== undefined && view !== null)
    throw error('contains a view of another storage, as torch wrote before 0.4');
  return new PickledStorage(String(key), dtype, length);
}

function rebuildTensor(
  {
    storage,
    offset,
    shape,
    strides,
    dtype,
  }: Record<'storage' | 'offset' | 'shape' | 'strides', unknown> & { dtype?: unknown },
  error: ErrorOf,
): PickledTensor {
  if (!(storage instanceof PickledStorage) || !isSize(offset))
    throw error('rebuilds a tensor from something that is not a storage');
  const type = dtype instanceof PickledGlobal ? DTYPES.get(dtype.name) : storage.dtype;
  const [sizes, steps] = [shape, strides].map((value) =>
    value instanceof PickledTuple && value.items.every(isSize)
      ? (value.items as number[])
      : undefined,
  );
  if (sizes !== undefined && sizes.length > MAX_DIMENSIONS)
    throw error(`rebuilds a tensor of ${sizes.length} dimensions`);
  if (type === undefined || sizes === undefined || steps?.length !== sizes.length)
    throw error('rebuilds a tensor with an invalid type, shape or strides');
  return new PickledTensor(storage, { dtype: type, offset, shape: sizes, strides: steps });
}

function rebuildParameter(data: unknown, error: ErrorOf): PickledTensor {
  if (!(data instanceof PickledTensor))
    throw error('rebuilds a parameter from something that is not a tensor');
  return data;
}

function orderedDictionary(items: unknown): Map<unknown, unknown> {
  const pairs = Array.isArray(items)
    ? (items as unknown[]).map((pair) =>
        pair instanceof PickledTuple ? pair.items : (pair as unknown[]),
      )
    : [];
  return new Map(
    pairs.filter((pair): pair is [unknown, unknown] => Array.isArray(pair) && pair.length === 2),
  );
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
