import { InputError } from '@nonlocal-med/core';
import { duplicateKeys } from './duplicateKeys.js';
import { decodeElements } from './storedElements.js';
import {
  BYTES_PER_ELEMENT,
  elementCount,
  type StoredTensor,
  type StoredType,
} from './storedTensor.js';

/** The reference implementation's limit on the header (safetensors `MAX_HEADER_SIZE`). */
const MAX_HEADER_BYTES = 100_000_000;
/** Header > tensor > shape. */
const MAX_HEADER_DEPTH = 3;

interface Entry {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a `.safetensors` file (https://huggingface.co/docs/safetensors). Every length is checked against the file before
 * anything is allocated; gaps, overlaps and duplicate names are refused.
 * @param bytes the whole file; F32, F64 and integer tensors may share its memory
 * @param options `name`: how error messages refer to the file
 * @returns tensors by name in the order of the header, each with its shape and row-major elements
 * @throws InputError describing what is wrong with the file
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from '@nonlocal-med/tensor';
 *
 * const data = Float32Array.of(0.5, -1);
 * const file = writeSafetensors(new Map([['fc.bias', { dtype: 'F32', shape: [2], data }]]));
 *
 * const bias = readSafetensors(file).get('fc.bias');
 * console.log(bias?.shape, bias?.data); // [ 2 ] Float32Array(2) [ 0.5, -1 ]
 * ```
 */
export function readSafetensors(
  bytes: Uint8Array,
  { name = 'safetensors file' }: { name?: string } = {},
): Map<string, StoredTensor> {
  const headerBytes = headerLength(bytes, name);
  const body = bytes.subarray(8 + headerBytes);
  const header = parseHeader(bytes.subarray(8, 8 + headerBytes), name);
  const entries = Object.entries(header)
    .filter(([tensor]) => tensor !== '__metadata__')
    .map(([tensor, fields]) => checkEntry(fields, { name, tensor, available: body.length }));
  checkCoverage(entries, { name, available: body.length });
  return new Map(
    entries.map(({ name: tensor, dtype, shape, start, end }) => [
      tensor,
      { dtype, shape, data: decodeElements(body.subarray(start, end), dtype) },
    ]),
  );
}

function headerLength(bytes: Uint8Array, name: string): number {
  if (bytes.length < 10)
    throw new InputError({
      path: name,
      message: `is ${bytes.length} bytes long`,
      hint: 'a safetensors file has at least 10',
    });
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER_BYTES, bytes.length - 8);
  if (length > BigInt(limit))
    throw new InputError({
      path: name,
      message: `declares a header of ${length} bytes`,
      hint: `at most ${limit}; is this a complete safetensors file?`,
    });
  return Number(length);
}

function parseHeader(bytes: Uint8Array, name: string): Record<string, unknown> {
  let header: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.startsWith('{')) throw new Error('it does not start with {');
    const { duplicates, depth } = duplicateKeys(text, { maximumDepth: MAX_HEADER_DEPTH });
    if (depth > MAX_HEADER_DEPTH)
      throw new Error(`it is nested more than ${MAX_HEADER_DEPTH} levels deep`);
    header = JSON.parse(text);
    if (duplicates.length > 0) throw new Error(`'${duplicates[0]}' occurs twice`);
  } catch (error) {
    throw new InputError({
      path: name,
      message: `has an unreadable header: ${(error as Error).message}`,
    });
  }
  return header as Record<string, unknown>;
}

function checkEntry(
  fields: unknown,
  { name, tensor, available }: { name: string; tensor: string; available: number },
): Entry {
  const error = (message: string, hint?: string): InputError =>
    new InputError({ path: `${name}: ${tensor}`, message, hint });
  const {
    dtype,
    shape,
    data_offsets: offsets,
  } = (fields ?? {}) as { dtype?: unknown; shape?: unknown; data_offsets?: unknown };
  if (typeof dtype !== 'string' || !Object.hasOwn(BYTES_PER_ELEMENT, dtype)) {
    throw error(
      `has element type ${JSON.stringify(dtype)}`,
      `one of ${Object.keys(BYTES_PER_ELEMENT).join(', ')}`,
    );
  }
  const elementBytes = BYTES_PER_ELEMENT[dtype as StoredType];
  const elements = Array.isArray(shape) ? elementCount(shape, available / elementBytes) : undefined;
  if (elements === undefined)
    throw error(
      `has shape ${JSON.stringify(shape)}`,
      `sizes whose product fits the file's ${available} bytes of data`,
    );
  const [start, end] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : [];
  if (
    !Number.isSafeInteger(start) ||
    !Number.isSafeInteger(end) ||
    (start as number) < 0 ||
    (end as number) > available ||
    (end as number) - (start as number) !== elements * elementBytes
  ) {
    throw error(
      `has data offsets ${JSON.stringify(offsets)}`,
      `${elements * elementBytes} bytes within the file's ${available}`,
    );
  }
  return {
    name: tensor,
    dtype: dtype as StoredType,
    shape: shape as number[],
    start: start as number,
    end: end as number,
  };
}

/** The format requires tensors to cover the data exactly once, so that a file cannot hide anything. */
function checkCoverage(
  entries: readonly Entry[],
  { name, available }: { name: string; available: number },
): void {
  let covered = 0;
  for (const { name: tensor, start, end } of entries.toSorted(
    (a, b) => a.start - b.start || a.end - b.end,
  )) {
    if (start !== covered)
      throw new InputError({
        path: `${name}: ${tensor}`,
        message: `starts at byte ${start} of the data, expected ${covered}`,
        hint: 'no gaps and no overlaps',
      });
    covered = end;
  }
  if (covered !== available)
    throw new InputError({
      path: name,
      message: `has ${available} bytes of data, of which tensors cover ${covered}`,
      hint: 'all of them',
    });
}
