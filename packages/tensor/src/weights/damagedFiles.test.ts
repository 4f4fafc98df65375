import { createRandom, InputError, type Random } from '@nonlocal-med/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture } from '../testing/fixture.js';
import { readSafetensors } from './readSafetensors.js';
import { readTorchCheckpoint } from './readTorchCheckpoint.js';
import type { StoredTensor } from './storedTensor.js';

const FILES = [
  'zip.pth',
  'legacy.pth',
  'wrapped.pth',
  'wrapped-legacy.pth',
  'zip-protocol4.pth',
  'tensors.safetensors',
];

/** Truncates, flips bits, overwrites with extreme values, or copies one range over another. */
function damage(bytes: Uint8Array, random: Random): Uint8Array {
  const result = bytes.slice(0, random.chance(0.2) ? random.integer(bytes.length) : bytes.length);
  if (result.length === 0) return result;
  for (
    let change = random.integer(4) + (result.length === bytes.length ? 1 : 0);
    change > 0;
    change--
  ) {
    const at = random.integer(result.length);
    switch (random.integer(4)) {
      case 0:
        result[at] ^= 1 << random.integer(8);
        break;
      case 1:
        result[at] = random.integer(256);
        break;
      case 2:
        result.fill(random.chance(0.5) ? 0xff : 0, at, at + 1 + random.integer(8));
        break;
      default:
        result.copyWithin(at, random.integer(result.length), random.integer(result.length));
    }
  }
  return result;
}

/** Damage to a name or a value only may go unnoticed, but the result must be consistent. */
function expectConsistent(tensors: ReadonlyMap<string, StoredTensor>, fileBytes: number): void {
  let elements = 0;
  for (const { shape, data } of tensors.values()) {
    expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
    elements += data.length;
  }
  expect(elements).toBeLessThan(64 * fileBytes);
}

/** The readers' unit of work: every number in a file, pickle instructions included, is read by one of these. */
const READS = [
  'getUint8',
  'getUint16',
  'getInt32',
  'getUint32',
  'getFloat64',
  'getBigUint64',
] as const;
const originals = READS.map((name) => Object.getOwnPropertyDescriptor(DataView.prototype, name)!);
let reads = 0;

beforeAll(() =>
  READS.forEach((name, i) => {
    const original = originals[i].value as (this: DataView, ...parameters: unknown[]) => unknown;
    Object.defineProperty(DataView.prototype, name, {
      ...originals[i],
      value(this: DataView, ...parameters: unknown[]) {
        reads++;
        return original.apply(this, parameters);
      },
    });
  }),
);
afterAll(() =>
  READS.forEach((name, i) => Object.defineProperty(DataView.prototype, name, originals[i])),
);

describe('readers of damaged weight files', () => {
  it.each(FILES)('throw an InputError or return consistent tensors for %s', (name) => {
    const original = fixture(name);
    const read = name.endsWith('.safetensors') ? readSafetensors : readTorchCheckpoint;
    let refused = 0;
    let mostReads = 0;
    for (let round = 0; round < 4000; round++) {
      const bytes = damage(original, createRandom(round, name));
      reads = 0;
      try {
        expectConsistent(read(bytes), original.length);
      } catch (error) {
        if (!(error instanceof InputError))
          throw new Error(`Round ${round} of ${name} ended in ${String(error)}`, { cause: error });
        refused++;
      }
      mostReads = Math.max(mostReads, reads);
    }
    expect(refused).toBeGreaterThan(2000);
    expect(mostReads).toBeGreaterThan(0);
    expect(mostReads).toBeLessThanOrEqual(2 * original.length);
  });

  it.each(FILES)('throw an InputError for %s truncated to any length', (name) => {
    const original = fixture(name);
    const read = name.endsWith('.safetensors') ? readSafetensors : readTorchCheckpoint;
    for (let length = 0; length < original.length; length++)
      expect(() => read(original.subarray(0, length)), `${length} bytes`).toThrow(InputError);
  });
});
