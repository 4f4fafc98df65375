import type { InputError } from '@nonlocal-med/core';
import type { StoredType } from '../storedTensor.js';
import { PickledGlobal, PickledStorage, PickledTensor, PickledTuple } from './pickledValues.js';

type Call = (parameters: readonly unknown[], issue: Fault) => unknown;
type Fault = (what: string) => InputError;

const UNTYPED_STORAGES = new Set(['torch.storage.UntypedStorage', 'torch.UntypedStorage']);

/** The functions a pickle may ask for: each builds plain data from plain data. */
const CALLS: ReadonlyMap<string, Call> = new Map<string, Call>([
  ['collections.OrderedDict', ([items]) => orderedDictionary(items)],
  [
    'torch._utils._rebuild_tensor',
    ([storage, offset, shape, strides], issue) =>
      tensor({ storage, offset, shape, strides }, issue),
  ],
  [
    'torch._utils._rebuild_tensor_v2',
    ([storage, offset, shape, strides], issue) =>
      tensor({ storage, offset, shape, strides }, issue),
  ],
  [
    'torch._utils._rebuild_tensor_v3',
    ([storage, offset, shape, strides, , , dtype], issue) =>
      tensor({ storage, offset, shape, strides, dtype }, issue),
  ],
  ['torch._utils._rebuild_parameter', ([data], issue) => parameter(data, issue)],
  ['torch._utils._rebuild_parameter_with_state', ([data], issue) => parameter(data, issue)],
  [
    'torch.Size',
    ([sizes]) =>
      sizes instanceof PickledTuple ? sizes : new PickledTuple(Array.isArray(sizes) ? sizes : []),
  ],
  ['torch.device', ([device]) => String(typeof device === 'string' ? device : 'device')],
]);

/** True for the names a checkpoint may mention. */
export function isAllowedGlobal(name: string): boolean {
  return (
    CALLS.has(name) ||
    TORCH_STORAGES.has(name) ||
    TORCH_DTYPES.has(name) ||
    UNTYPED_STORAGES.has(name)
  );
}

/** What the pickle's REDUCE of an allowed name gives. Nothing is run that is not in the list above. */
export function callGlobal(callee: unknown, parameters: unknown, issue: Fault): unknown {
  const call = callee instanceof PickledGlobal ? CALLS.get(callee.name) : undefined;
  if (call === undefined)
    throw issue(
      `calls ${callee instanceof PickledGlobal ? `'${callee.name}'` : 'something that is no function'}`,
    );
  if (!(parameters instanceof PickledTuple))
    throw issue('calls a function without a tuple of arguments');
  return call(parameters.items, issue);
}

/** The storage that a persistent id ('storage', class, key, location, length, ...) names. */
export function storageOf(id: unknown, issue: Fault): PickledStorage {
  const [kind, type, key, , length, view] = id instanceof PickledTuple ? id.items : [];
  const dtype = type instanceof PickledGlobal ? TORCH_STORAGES.get(type.name) : undefined;
  const untyped = type instanceof PickledGlobal && UNTYPED_STORAGES.has(type.name);
  if (
    kind !== 'storage' ||
    (dtype === undefined && !untyped) ||
    (typeof key !== 'string' && typeof key !== 'number') ||
    !isSize(length)
  )
    throw issue('names a storage in an unknown way');
  if (view !== undefined && view !== null)
    throw issue('holds a view of another storage, as torch wrote before 0.4');
  return new PickledStorage(String(key), dtype, length);
}

function tensor(
  {
    storage,
    offset,
    shape,
    strides,
    dtype,
  }: Record<'storage' | 'offset' | 'shape' | 'strides', unknown> & { dtype?: unknown },
  issue: Fault,
): PickledTensor {
  if (!(storage instanceof PickledStorage) || !isSize(offset))
    throw issue('rebuilds a tensor from something that is no storage');
  const type: StoredType | undefined =
    dtype instanceof PickledGlobal ? TORCH_DTYPES.get(dtype.name) : storage.dtype;
  const [sizes, steps] = [shape, strides].map((value) =>
    value instanceof PickledTuple && value.items.every(isSize)
      ? (value.items as number[])
      : undefined,
  );
  if (type === undefined || sizes === undefined || steps?.length !== sizes.length)
    throw issue('rebuilds a tensor whose type, shape or strides make no sense');
  return new PickledTensor(storage, { dtype: type, offset, shape: sizes, strides: steps });
}

function parameter(data: unknown, issue: Fault): PickledTensor {
  if (!(data instanceof PickledTensor))
    throw issue('rebuilds a parameter from something that is no tensor');
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
const TORCH_STORAGES: ReadonlyMap<string, StoredType> = new Map(
  TYPES.flatMap(([storage, , type]) =>
    storage === undefined ? [] : [[`torch.${storage}`, type] as const],
  ),
);

/** `torch.float32` -> F32 and so on. */
const TORCH_DTYPES: ReadonlyMap<string, StoredType> = new Map(
  TYPES.map(([, dtype, type]) => [`torch.${dtype}`, type]),
);
