import { encodeElements } from './storedElements.js';
import {
  BYTES_PER_ELEMENT,
  elementCount,
  type StoredElements,
  type StoredTensor,
  type StoredType,
} from './storedTensor.js';

/**
 * Writes a `.safetensors` file (https://huggingface.co/docs/safetensors), byte for byte as the reference implementation.
 *
 * @param tensors name to tensor, of any shape
 * @param metadata the file's `__metadata__`: texts by name
 * @throws RangeError when a tensor's shape and data disagree or its name is reserved; TypeError when its array is not the one of its type
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const { header, order, bytes } = layOut(tensors, metadata);
  const file = new Uint8Array(header.length + bytes);
  file.set(header);
  let offset = header.length;
  for (const [name, tensor] of order) {
    const encoded = encodeTensor(name, tensor, tensor.data);
    file.set(encoded, offset);
    offset += encoded.length;
  }
  return file;
}

/** A tensor whose elements may be read when it is their turn, so that a large file is never in memory as a whole. */
export interface LazyTensor extends Omit<StoredTensor, 'data'> {
  readonly data: StoredElements | (() => Promise<StoredElements>);
}

/**
 * The content of {@link writeSafetensors} in pieces, with one tensor in memory at a time.
 * @throws RangeError, TypeError as {@link writeSafetensors}, when it is the tensor's turn
 */
export async function* streamSafetensors(
  tensors: ReadonlyMap<string, LazyTensor>,
  metadata?: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array, void, void> {
  const { header, order } = layOut(tensors, metadata);
  yield header;
  for (const [name, tensor] of order) {
    const { data } = tensor;
    yield encodeTensor(name, tensor, typeof data === 'function' ? await data() : data);
  }
}

/** Widest first, so that all data is aligned. */
const TYPE_ORDER: readonly StoredType[] = [
  'U64',
  'I64',
  'F64',
  'F32',
  'U32',
  'I32',
  'BF16',
  'F16',
  'U16',
  'I16',
  'I8',
  'U8',
  'BOOL',
];

interface Layout<T> {
  /** Length of the JSON (uint64, little-endian), and the JSON, padded with spaces to a multiple of 8. */
  readonly header: Uint8Array;
  /** The tensors in the order of their data: by type, then by name. */
  readonly order: readonly (readonly [name: string, tensor: T])[];
  /** Length of all data. */
  readonly bytes: number;
}

function layOut<T extends Pick<StoredTensor, 'dtype' | 'shape'>>(
  tensors: ReadonlyMap<string, T>,
  metadata: Readonly<Record<string, string>> | undefined,
): Layout<T> {
  const order = [...tensors].sort(
    ([a, { dtype: typeA }], [b, { dtype: typeB }]) =>
      TYPE_ORDER.indexOf(typeA) - TYPE_ORDER.indexOf(typeB) || (a < b ? -1 : 1),
  );
  const entries: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]];
  let bytes = 0;
  for (const [name, { dtype, shape }] of order) {
    if (name === '__metadata__') throw new RangeError("A tensor cannot be called '__metadata__'.");
    const end = bytes + elementsOf(name, shape) * BYTES_PER_ELEMENT[dtype];
    entries.push([name, { dtype, shape, data_offsets: [bytes, end] }]);
    bytes = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(0x20, 8);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, 8);
  return { header, order, bytes };
}

function encodeTensor(
  name: string,
  { dtype, shape }: Pick<StoredTensor, 'dtype' | 'shape'>,
  data: StoredElements,
): Uint8Array {
  if (elementsOf(name, shape) !== data.length)
    throw new RangeError(
      `Tensor '${name}' has shape [${shape.join(', ')}] and ${data.length} elements.`,
    );
  return encodeElements({ dtype, data });
}

function elementsOf(name: string, shape: readonly number[]): number {
  const count = elementCount(shape, Number.MAX_SAFE_INTEGER);
  if (count === undefined)
    throw new RangeError(`Tensor '${name}' has the invalid shape [${shape.join(', ')}].`);
  return count;
}
