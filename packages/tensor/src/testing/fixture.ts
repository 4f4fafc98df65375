import { readFileSync } from 'node:fs';
import type { StoredTensor } from '../weights/storedTensor.js';

const folder = new URL('../../test/fixtures/', import.meta.url);

interface Described {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly (number | string | boolean)[];
}

/** Bytes of a file that test/fixtures/make_fixtures.py wrote. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, folder)));
}

/** The content of the fixtures according to torch: `tensors` or the weights of `module`, in the form of `describeTensors`. */
export function fixtureValues(
  part: 'tensors' | 'module',
): Record<string, { dtype: string; shape: readonly number[]; values: readonly string[] }> {
  const described = (
    JSON.parse(readFileSync(new URL('values.json', folder), 'utf8')) as Record<
      string,
      Record<string, Described>
    >
  )[part];
  return Object.fromEntries(
    Object.entries(described).map(([key, { dtype, shape, values }]) => [
      key,
      { dtype: TYPES[dtype], shape, values: values.map((value) => String(Number(value))) },
    ]),
  );
}

/** Tensors in the form of {@link fixtureValues}. */
export function describeTensors(
  tensors: ReadonlyMap<string, StoredTensor>,
): ReturnType<typeof fixtureValues> {
  return Object.fromEntries(
    [...tensors].map(([key, { dtype, shape, data }]) => [
      key,
      {
        dtype,
        shape,
        values: Array.from(data as Iterable<number | bigint>, (value) => String(Number(value))),
      },
    ]),
  );
}

const TYPES: Readonly<Record<string, string>> = {
  'torch.float64': 'F64',
  'torch.float32': 'F32',
  'torch.float16': 'F16',
  'torch.bfloat16': 'BF16',
  'torch.int64': 'I64',
  'torch.int32': 'I32',
  'torch.int16': 'I16',
  'torch.int8': 'I8',
  'torch.uint16': 'U16',
  'torch.uint8': 'U8',
  'torch.bool': 'BOOL',
};
