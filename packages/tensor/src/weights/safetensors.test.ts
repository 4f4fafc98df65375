import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { describeTensors, fixture, fixtureValues } from '../testing/fixture.js';
import { readSafetensors } from './readSafetensors.js';
import type { StoredTensor } from './storedTensor.js';
import { writeSafetensors } from './writeSafetensors.js';

function file(
  header: string,
  data = 0,
  headerBytes = BigInt(new TextEncoder().encode(header).length),
): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, headerBytes, true);
  bytes.set(text, 8);
  return bytes;
}

const one = '"dtype":"F32","shape":[1],"data_offsets":[0,4]';

describe('readSafetensors', () => {
  it('reads a file written by the Python library', () => {
    expect(describeTensors(readSafetensors(fixture('tensors.safetensors')))).toEqual(
      fixtureValues('tensors'),
    );
  });

  it('reads data that is not aligned', () => {
    expect(readSafetensors(file(`{"a":{${one}}} `, 4)).get('a')?.data).toEqual(new Float32Array(1));
    expect(readSafetensors(file(`{"a":{${one}}}`, 4)).get('a')?.data).toEqual(new Float32Array(1));
    expect(readSafetensors(Buffer.from(file(`{"a":{${one}}}`, 4))).get('a')?.data).toEqual(
      new Float32Array(1),
    );
  });

  it.each([
    ['a short file', new Uint8Array(9), 'is 9 bytes long'],
    ['a header beyond the file', file('{}', 0, 3n), 'declares a header of 3 bytes'],
    [
      'a header of 2^63 bytes',
      file('{}', 0, 2n ** 63n),
      'declares a header of 9223372036854775808',
    ],
    ['a header that is a list', file('[]'), 'does not start with {'],
    ['invalid JSON', file('{"a":}'), 'unreadable header'],
    ['invalid UTF-8', new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff]), 'unreadable header'],
    ['a duplicate name', file(`{"a":{${one}},"\\u0061":{${one}}}`, 4), "'a' occurs twice"],
    [
      'a duplicate field',
      file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      "'dtype' occurs twice",
    ],
    [
      'deep nesting',
      file(`{"a":${'['.repeat(1e6)}${']'.repeat(1e6)}}`),
      'nested more than 3 levels deep',
    ],
    [
      'an unknown type',
      file('{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}', 4),
      'element type "Q4"',
    ],
    [
      'a type from the object prototype',
      file('{"a":{"dtype":"constructor","shape":[1],"data_offsets":[0,4]}}', 4),
      'element type "constructor"',
    ],
    ['an entry that is null', file('{"a":null}'), 'element type undefined'],
    [
      'a huge shape',
      file('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}', 4),
      'has shape [4294967296,4294967296]',
    ],
    [
      'a broken shape',
      file('{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}', 4),
      'has shape [1.5]',
    ],
    [
      'offsets beyond the data',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 4),
      'has data offsets [4,8]',
    ],
    [
      'offsets that do not match the shape',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}', 8),
      'has data offsets [0,8]',
    ],
    [
      'offsets in reverse order',
      file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,0]}}', 4),
      'has data offsets [4,0]',
    ],
    ['an overlap', file(`{"a":{${one}},"b":{${one}}}`, 4), 'no gaps and no overlaps'],
    [
      'a gap',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8),
      'starts at byte 4',
    ],
    ['data that no tensor covers', file(`{"a":{${one}}}`, 8), 'tensors cover 4'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(InputError);
    expect(() => readSafetensors(bytes)).toThrow(message);
  });
});

describe('writeSafetensors', () => {
  const tensors = new Map<string, StoredTensor>([
    ['b', { dtype: 'F32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['half', { dtype: 'F16', shape: [2], data: Float32Array.of(0.5, -2) }],
    ['count', { dtype: 'I64', shape: [], data: BigInt64Array.of(7n) }],
    ['mask', { dtype: 'BOOL', shape: [3], data: Uint8Array.of(1, 0, 1) }],
    ['none', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
    ['__proto__', { dtype: 'I8', shape: [1], data: Int8Array.of(-3) }],
  ]);

  it('writes what readSafetensors reads back', () => {
    const bytes = writeSafetensors(tensors, { labels: '["healthy","ill"]' });
    expect(new Map([...readSafetensors(bytes)].sort())).toEqual(new Map([...tensors].sort()));
    expect(new TextDecoder().decode(bytes)).toContain(
      '"__metadata__":{"labels":"[\\"healthy\\",\\"ill\\"]"}',
    );
  });

  it('writes the same bytes as the Python library', () => {
    const python = fixture('tensors.safetensors');
    expect(writeSafetensors(readSafetensors(python), { format: 'pt' })).toEqual(python);
  });

  it('writes equal bytes for equal content in any order, with aligned data', () => {
    const bytes = writeSafetensors(tensors);
    expect(writeSafetensors(new Map([...tensors].reverse()))).toEqual(bytes);
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
  });

  it('refuses a shape that does not match the data, a reserved name and a wrong array type', () => {
    const data = new Float32Array(2);
    expect(() => writeSafetensors(new Map([['a', { dtype: 'F32', shape: [3], data }]]))).toThrow(
      "'a' has shape [3] and 2 elements",
    );
    expect(() =>
      writeSafetensors(new Map([['__metadata__', { dtype: 'F32', shape: [2], data }]])),
    ).toThrow('__metadata__');
    expect(() => writeSafetensors(new Map([['a', { dtype: 'I32', shape: [2], data }]]))).toThrow(
      'got a Float32Array',
    );
  });
});
