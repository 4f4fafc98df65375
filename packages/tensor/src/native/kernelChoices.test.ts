import { useEngine } from '@nonlocal-med/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  chooseKernel,
  kernelChoices,
  setKernelChoices,
  type SharedChoices,
} from './kernelChoices.js';

beforeAll(() => useEngine({ backend: 'wasm' }));
afterEach(() => {
  setKernelChoices({}, { measure: false, shared: null });
  vi.restoreAllMocks();
});

/** Milliseconds of wall time, and of processor time if that differs. */
type Duration = number | readonly [number, number];

/** Candidates that advance fake clocks when they run. */
function candidates(
  durations: Readonly<Record<string, Duration>>,
): Record<string, () => tf.Scalar> {
  let [now, used] = [0, 0];
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  vi.spyOn(process, 'cpuUsage').mockImplementation(() => ({ user: used * 1000, system: 0 }));
  return Object.fromEntries(
    Object.entries(durations).map(([name, duration], i) => [
      name,
      () => {
        const [wall, processor] = typeof duration === 'number' ? [duration, duration] : duration;
        if (wall === Infinity) throw new Error(`${name} refuses this shape`);
        now += wall;
        used += processor;
        return tf.scalar(i);
      },
    ]),
  );
}

function chosen(durations: Readonly<Record<string, Duration>>): number {
  return tf.tidy(() => chooseKernel('Operation 2x2', candidates(durations)).dataSync()[0]);
}

describe('chooseKernel', () => {
  it('takes the preferred kernel without measuring, and records it', () => {
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'slow' });
  });

  it('replaces a recorded kernel that does not run on this machine', () => {
    setKernelChoices({ 'Operation 2x2': 'foreign' });
    expect(chosen({ foreign: Infinity, plain: 1 })).toBe(1);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'plain' });
    setKernelChoices({ 'Operation 2x2': 'plain' });
    expect(chosen({ preferred: 1, plain: 1 })).toBe(1);
  });

  it('takes the fastest kernel if it may measure, and keeps it', () => {
    setKernelChoices({}, { measure: true });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    expect(chosen({ slow: 1, fast: 9 })).toBe(1);
    setKernelChoices({});
    expect(chosen({ slow: 9, faster: 5, fastest: 4 })).toBe(2);
  });

  it.each<[string, Record<string, Duration>]>([
    ['is hardly faster', { preferred: 1, other: 0.95 }],
    ['is faster only by using much more processor time', { preferred: [9, 2], other: [4, 3] }],
    ['is far slower', { preferred: 1, other: 9 }],
  ])('keeps the preferred kernel if the other %s', (_, durations) => {
    setKernelChoices({}, { measure: true });
    expect(chosen(durations)).toBe(0);
  });

  it('takes more processor time for less wall time, up to a limit', () => {
    setKernelChoices({}, { measure: true });
    expect(chosen({ preferred: [10, 10], other: [6, 11] })).toBe(1);
  });

  it('repeats a call that is too short for the clock', () => {
    setKernelChoices({}, { measure: true });
    expect(chosen({ slow: 0.02, fast: 0.01 })).toBe(1);
  });

  it('skips a kernel that refuses the shape', () => {
    expect(chosen({ refusing: Infinity, other: 1 })).toBe(1);
    setKernelChoices({}, { measure: true });
    expect(chosen({ preferred: 1, refusing: Infinity })).toBe(0);
  });

  it('throws the error of the last kernel if all refuse the shape', () => {
    expect(() => chosen({ first: Infinity, second: Infinity })).toThrow(
      'second refuses this shape',
    );
  });

  it('follows a recorded table, and ignores names that this machine does not have', () => {
    setKernelChoices(JSON.parse('{"Operation 2x2":"fast"}') as Record<string, string>);
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    setKernelChoices({ 'Operation 2x2': 'elsewhere' });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });

  it('leaks no tensors', () => {
    setKernelChoices({}, { measure: true });
    const before = tf.memory().numTensors;
    chosen({ slow: 9, fast: 1 });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('chooseKernel with choices that processes share', () => {
  /** A table that another process may have written to. */
  function shared(
    known: Record<string, string>,
    settle: SharedChoices['settle'] = (_, kernel) => kernel,
  ): SharedChoices & { settle: ReturnType<typeof vi.fn> } {
    return { get: (key) => known[key], settle: vi.fn(settle) };
  }

  it('takes a known choice without measuring', () => {
    const choices = shared({ 'Operation 2x2': 'slow' });
    setKernelChoices({}, { measure: true, shared: choices });
    expect(chosen({ fast: 1, slow: 9 })).toBe(1);
    expect(choices.settle).not.toHaveBeenCalled();
  });

  it('proposes the kernel that it measured', () => {
    const choices = shared({});
    setKernelChoices({}, { measure: true, shared: choices });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    expect(choices.settle).toHaveBeenCalledExactlyOnceWith('Operation 2x2', 'fast');
  });

  it('adopts the choice that another process settled in the meantime', () => {
    setKernelChoices({}, { measure: true, shared: shared({}, () => 'slow') });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'slow' });
  });

  it('measures if the known name is not a candidate, and never takes such a name', () => {
    setKernelChoices({}, { measure: true, shared: shared({ 'Operation 2x2': 'toString' }) });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    setKernelChoices({}, { measure: true, shared: shared({}, () => 'elsewhere') });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });

  it('measures again if the known kernel refuses the shape', () => {
    setKernelChoices({}, { measure: true, shared: shared({ 'Operation 2x2': 'refusing' }) });
    expect(chosen({ refusing: Infinity, slow: 9, fast: 1 })).toBe(2);
  });

  it('falls back to the fixed order if its choice cannot be shared', () => {
    setKernelChoices({}, { measure: true, shared: shared({}, () => undefined) });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });

  it('prefers a recorded table to shared choices', () => {
    const choices = shared({ 'Operation 2x2': 'fast' });
    setKernelChoices({}, { measure: true, shared: choices });
    setKernelChoices({ 'Operation 2x2': 'slow' });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });
});
