import { encodeElements } from './storedElements.js';
import { elementCount, type StoredTensor, type StoredType } from './storedTensor.js';

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

/**
 * Writes a `.safetensors` file, byte for byte as the reference implementation: tensors lie in the order of its element
 * types, then by name.
 *
 * @param tensors name to tensor
 * @param metadata the file's `__metadata__`: texts by name
 * @throws RangeError when a tensor's shape and data disagree or its name is reserved; TypeError when its array is of another type
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = [...tensors].sort(
    ([a, { dtype: typeA }], [b, { dtype: typeB }]) =>
      TYPE_ORDER.indexOf(typeA) - TYPE_ORDER.indexOf(typeB) || (a < b ? -1 : 1),
  );
  const header: [string, unknown][] = metadata === undefined ? [] : [['__metadata__', metadata]];
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of entries) {
    const { dtype, shape, data } = tensor;
    if (name === '__metadata__') throw new RangeError("A tensor cannot be called '__metadata__'.");
    if (elementCount(shape, Number.MAX_SAFE_INTEGER) !== data.length)
      throw new RangeError(
        `Tensor '${name}' has shape [${shape.join(', ')}] and ${data.length} elements.`,
      );
    const bytes = encodeElements({ dtype, data });
    header.push([name, { dtype, shape, data_offsets: [offset, offset + bytes.length] }]);
    parts.push(bytes);
    offset += bytes.length;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset).fill(0x20, 8, 8 + headerBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, 8);
  let at = 8 + headerBytes;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
