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

/** Milliseconds of wall time, and of processor time where they differ. */
type Duration = number | readonly [number, number];

/** Candidates by clocks that only they move. */
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
  it('takes the preferred kernel without measuring, and writes it down', () => {
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'slow' });
  });

  it('does not take a recorded kernel on trust: one that does not run here gives way', () => {
    setKernelChoices({ 'Operation 2x2': 'foreign' });
    expect(chosen({ foreign: Infinity, plain: 1 })).toBe(1);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'plain' });
    setKernelChoices({ 'Operation 2x2': 'plain' });
    expect(chosen({ preferred: 1, plain: 1 })).toBe(1);
  });

  it('takes the fastest where it may measure, and keeps to it', () => {
    setKernelChoices({}, { measure: true });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    expect(chosen({ slow: 1, fast: 9 })).toBe(1);
    setKernelChoices({});
    expect(chosen({ slow: 9, faster: 5, fastest: 4 })).toBe(2);
  });

  it.each<[string, Record<string, Duration>]>([
    ['is hardly faster', { preferred: 1, other: 0.95 }],
    ['is faster only while others leave it the processor', { preferred: [9, 2], other: [4, 3] }],
    ['is far slower', { preferred: 1, other: 9 }],
  ])('keeps the preferred one where the other %s', (_, durations) => {
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

  it('passes over a kernel that refuses the shape', () => {
    expect(chosen({ refusing: Infinity, other: 1 })).toBe(1);
    setKernelChoices({}, { measure: true });
    expect(chosen({ preferred: 1, refusing: Infinity })).toBe(0);
  });

  it('throws what the last kernel threw where all refuse', () => {
    expect(() => chosen({ first: Infinity, second: Infinity })).toThrow(
      'second refuses this shape',
    );
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

describe('chooseKernel with choices that processes share', () => {
  /** A table that another process may have written to. */
  function shared(
    known: Record<string, string>,
    settle: SharedChoices['settle'] = (_, kernel) => kernel,
  ): SharedChoices & { settle: ReturnType<typeof vi.fn> } {
    return { get: (key) => known[key], settle: vi.fn(settle) };
  }

  it('takes what is known without measuring', () => {
    const choices = shared({ 'Operation 2x2': 'slow' });
    setKernelChoices({}, { measure: true, shared: choices });
    expect(chosen({ fast: 1, slow: 9 })).toBe(1);
    expect(choices.settle).not.toHaveBeenCalled();
  });

  it('tells of what it measured', () => {
    const choices = shared({});
    setKernelChoices({}, { measure: true, shared: choices });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    expect(choices.settle).toHaveBeenCalledExactlyOnceWith('Operation 2x2', 'fast');
  });

  it('adopts what another process settled meanwhile, before the first result', () => {
    setKernelChoices({}, { measure: true, shared: shared({}, () => 'slow') });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
    expect(kernelChoices()).toEqual({ 'Operation 2x2': 'slow' });
  });

  it('measures where the known name is none of the candidates, and does not take such a name', () => {
    setKernelChoices({}, { measure: true, shared: shared({ 'Operation 2x2': 'toString' }) });
    expect(chosen({ slow: 9, fast: 1 })).toBe(1);
    setKernelChoices({}, { measure: true, shared: shared({}, () => 'elsewhere') });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });

  it('measures again where the known kernel refuses the shape', () => {
    setKernelChoices({}, { measure: true, shared: shared({ 'Operation 2x2': 'refusing' }) });
    expect(chosen({ refusing: Infinity, slow: 9, fast: 1 })).toBe(2);
  });

  it('keeps to the fixed order where its choice cannot be shared', () => {
    setKernelChoices({}, { measure: true, shared: shared({}, () => undefined) });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });

  it('puts a recorded table first', () => {
    const choices = shared({ 'Operation 2x2': 'fast' });
    setKernelChoices({}, { measure: true, shared: choices });
    setKernelChoices({ 'Operation 2x2': 'slow' });
    expect(chosen({ slow: 9, fast: 1 })).toBe(0);
  });
});
