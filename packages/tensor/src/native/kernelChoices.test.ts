import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseKernel, kernelChoices, setKernelChoices } from './kernelChoices.js';

beforeAll(() => useEngine({ engine: 'wasm' }));
afterEach(() => {
  setKernelChoices({}, { measure: false });
  vi.restoreAllMocks();
});

/** A candidate that takes `milliseconds` of a clock that only candidates move. */
function candidates(milliseconds: Readonly<Record<string, number>>): Record<string, () => tf.Scalar> {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return Object.fromEntries(
    Object.entries(milliseconds).map(([name, duration], i) => [
      name,
      () => {
        if (duration === Infinity) throw new Error(`${name} refuses this shape`);
        now += duration;
        return tf.scalar(i);
      },
    ]),
  );
}

function chosen(milliseconds: Readonly<Record<string, number>>): number {
  return tf.tidy(() => chooseKernel('Operation 2x2', candidates(milliseconds)).dataSync()[0]);
}

describe('chooseKernel', () => {
  it('takes the preferred kernel without measuring, and writes it down', () => {
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'slow' });
  });

  it('takes the fastest where it may measure, and keeps to it', () => {
    setKernelChoices({}, { measure: true });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    expect(chosen({ slow: 1, fast: 9 })).toBe(1);
    setKernelChoices({});
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
  });

  it('keeps the preferred one where the other is hardly faster', () => {
    setKernelChoices({}, { measure: true });
    expect(chosen({ preferred: 1, other: 0.97 })).toBe(0);
  });

  it('passes over a kernel that refuses the shape', () => {
    expect(chosen({ refusing: Infinity, other: 1 })).toBe(1);
    setKernelChoices({}, { measure: true });
    expect(chosen({ preferred: 1, refusing: Infinity })).toBe(0);
  });

  it('throws what the last kernel threw where all refuse', () => {
    expect(() => chosen({ first: Infinity, second: Infinity })).toThrow('second refuses this shape');
  });

  it('follows a recorded table, and passes over names that this machine does not have', () => {
    setKernelChoices(JSON.parse('{"Operation 2x2":"fast"}') as Record<string, string>);
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    setKernelChoices({ 'Operation 2x2': 'elsewhere' });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });

  it('leaves no tensors', () => {
    setKernelChoices({}, { measure: true });
    const before = tf.memory().numTensors;
    chosen({ slow: 9, fast: 1 });
    expect(tf.memory().numTensors).toBe(before);
  });
});
