import { InputError } from '@nonlocal-med/core';
import { decodeElements } from '../storedElements.js';
import {
  BYTES_PER_ELEMENT,
  elementCount,
  type StoredElements,
  type StoredTensor,
  type StoredType,
} from '../storedTensor.js';
import type { PickledTensor } from './pickledValues.js';

/**
 * Creates a function that turns the tensors of a checkpoint into data, from the storages' bytes. Tensors that are row-major
 * in their storage share its memory, as they did in torch. Others are copied, all copies together into at most `copyLimit`
 * bytes, so that a small file cannot request much memory.
 * @throws InputError (the returned function) if a tensor does not fit its storage or the limit
 */
export function tensorReader(
  storages: ReadonlyMap<string, Uint8Array>,
  { name, copyLimit }: { name: string; copyLimit: number },
): (key: string, tensor: PickledTensor) => StoredTensor {
  const decoded = new Map<string, StoredElements>();
  let copied = 0;

  return (key, { storage, view }) => {
    const { dtype, offset, shape, strides } = view;
    const error = (message: string, hint?: string): InputError =>
      new InputError({ path: `${name}: ${key}`, message, hint });
    const bytes = storages.get(storage.key);
    if (bytes === undefined)
      throw error(`needs storage '${storage.key}', which is missing from the file`);
    const storageBytes =
      storage.length * (storage.dtype === undefined ? 1 : BYTES_PER_ELEMENT[storage.dtype]);
    if (storageBytes !== bytes.length) {
      throw error(
        `declares a storage of ${storage.length} elements where the file has ${bytes.length} bytes`,
      );
    }
    const length = Math.floor(bytes.length / BYTES_PER_ELEMENT[dtype]);
    const rowMajor = isRowMajor(shape, strides);
    const count = elementCount(shape, rowMajor ? length : copyLimit);
    if (count === undefined)
      throw error(
        `has shape [${shape.join(', ')}]`,
        `no more elements than its storage of ${length}`,
      );
    const last =
      count === 0
        ? offset - 1
        : shape.reduce((position, size, axis) => position + (size - 1) * strides[axis], offset);
    if (last >= length) throw error(`refers to element ${last} of a storage of ${length} elements`);

    const elements = decodedStorage(decoded, { bytes, key: storage.key, dtype });
    if (rowMajor) return { dtype, shape, data: elements.subarray(offset, offset + count) };
    copied += count * elements.BYTES_PER_ELEMENT;
    if (copied > copyLimit)
      throw error(
        'and the tensors before it need more memory than the size of the file justifies: its elements are repeated many times',
      );
    return { dtype, shape, data: gather(elements, { offset, shape, strides, count }) };
  };
}

/** Decodes each storage once per element type. */
function decodedStorage(
  decoded: Map<string, StoredElements>,
  { bytes, key, dtype }: { bytes: Uint8Array; key: string; dtype: StoredType },
): StoredElements {
  const name = `${dtype} ${key}`;
  const size = BYTES_PER_ELEMENT[dtype];
  const elements =
    decoded.get(name) ??
    decodeElements(bytes.subarray(0, Math.floor(bytes.length / size) * size), dtype);
  decoded.set(name, elements);
  return elements;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return shape.includes(0);
    step *= shape[axis];
  }
  return true;
}

/** Copies a strided view into row-major order. */
function gather(
  elements: StoredElements,
  {
    offset,
    shape,
    strides,
    count,
  }: { offset: number; shape: readonly number[]; strides: readonly number[]; count: number },
): StoredElements {
  const result = new (elements.constructor as new (length: number) => StoredElements)(count);
  const position = shape.map(() => 0);
  let from = offset;
  for (let to = 0; to < count; to++) {
    result[to] = elements[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++position[axis] < shape[axis]) break;
      from -= shape[axis] * strides[axis];
      position[axis] = 0;
    }
  }
  return result;
}
