import { describe, expect, it } from 'vitest';
import { halfBits, withHalfPrecision } from './halfPrecision.js';

/** Bits of `numpy.float16(numpy.float32(x))`, NumPy 2. */
const golden: readonly (readonly [number, number])[] = [
  [0.0, 0],
  [1.0, 15360],
  [-2.0, 49152],
  [0.1, 11878],
  [1 / 3, 13653],
  [65504.0, 31743],
  [65519.99, 31743],
  [65520.0, 31744],
  [-100000.0, 64512],
  [6.1035e-5, 1024],
  [6.0975e-5, 1023],
  [2 ** -24, 1],
  [2 ** -25, 0],
  [2.9802326e-8, 1],
  [1e-8, 0],
  [1.0009765625, 15361],
  [1.00048828125, 15360],
  [1.00146484375, 15362],
  [2049.0, 26624],
  [2051.0, 26626],
  [0.000123456, 2060],
  [3.1415927, 16968],
];

const file = (weights: readonly object[]): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths: ['weights.bin'], weights }] }),
  );
const reading =
  (files: Record<string, Uint8Array>) =>
  (name: string): Promise<Uint8Array | null> =>
    Promise.resolve(files[name] ?? null);

describe('halfBits', () => {
  it.each(golden)('rounds %f as NumPy', (value, bits) => {
    expect(halfBits(value)).toBe(bits);
  });
  it('keeps NaN', () => expect(halfBits(NaN)).toBe(0x7e00));
});

describe('withHalfPrecision', () => {
  it('halves kernels and keeps vectors', async () => {
    const values = Float32Array.of(1, -2, 0.1, 65504, 7, 1e-9);
    const weights = [
      { name: 'kernel', shape: [2, 2], dtype: 'float32' },
      { name: 'bias', shape: [2], dtype: 'float32' },
    ];
    const halved = await withHalfPrecision(
      // Part of a larger buffer, as files that Node reads.
      reading({ 'model.json': file(weights), 'weights.bin': Buffer.from(values.buffer) }),
    );
    const bytes = halved['weights.bin'];
    expect([...new Uint16Array(Uint8Array.from(bytes.subarray(0, 8)).buffer)]).toEqual([
      0x3c00, 0xc000, 0x2e66, 0x7bff,
    ]);
    expect([...new Float32Array(Uint8Array.from(bytes.subarray(8)).buffer)]).toEqual([
      ...values.subarray(4),
    ]);
    const { weightsManifest } = JSON.parse(new TextDecoder().decode(halved['model.json'])) as {
      weightsManifest: [{ weights: object[] }];
    };
    expect(weightsManifest[0].weights).toEqual([
      { ...weights[0], quantization: { dtype: 'float16' } },
      weights[1],
    ]);
  });

  it('refuses weights that have no 16-bit value', async () => {
    const weights = [{ name: 'kernel', shape: [1, 1], dtype: 'float32' }];
    const files = {
      'model.json': file(weights),
      'weights.bin': Buffer.from(Float32Array.of(1e5).buffer),
    };
    await expect(withHalfPrecision(reading(files))).rejects.toThrow(
      'kernel has the weight 100000, too large for 16-bit floating point',
    );
  });
});
