import { InputError } from '@nonlocal-med/core';
import { describe, expect, it } from 'vitest';
import { withHalfPrecision } from './halfPrecision.js';

const file = (weights: readonly object[]): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify({ modelTopology: {}, weightsManifest: [{ paths: ['weights.bin'], weights }] }),
  );
const reading =
  (files: Record<string, Uint8Array>) =>
  (name: string): Promise<Uint8Array | null> =>
    Promise.resolve(files[name] ?? null);

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

  const kernel = { name: 'kernel', shape: [1, 1], dtype: 'float32' };
  it.each([
    [[kernel], [1e5], 'model.json: kernel: has the weight 100000, and 16 bits hold at most 65,504'],
    [[kernel], [NaN], 'model.json: kernel: has the weight NaN'],
    [[kernel], [-Infinity], 'model.json: kernel: has the weight -Infinity'],
    [
      [{ ...kernel, quantization: { dtype: 'uint8' } }],
      [1],
      'model.json: kernel: is stored as uint8 already',
    ],
    [[{ ...kernel, dtype: 'int32' }], [1], 'model.json: kernel: has values of type int32'],
    [[kernel], [1, 2], 'weights.bin: has 8 bytes, but model.json describes 4'],
    [[kernel, kernel], [1], 'weights.bin: has 4 bytes, but model.json describes 8'],
  ])('refuses %j with the values %j', async (weights, values, message) => {
    const files = {
      'model.json': file(weights),
      'weights.bin': Buffer.from(Float32Array.from(values).buffer),
    };
    const refused = withHalfPrecision(reading(files));
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(message);
  });

  it('refuses weights in several files', async () => {
    const weightsManifest = [{ paths: ['a.bin', 'b.bin'], weights: [] }];
    const json = new TextEncoder().encode(JSON.stringify({ weightsManifest }));
    await expect(withHalfPrecision(reading({ 'model.json': json }))).rejects.toThrow(
      'model.json: has its weights in the files a.bin, b.bin (one file, weights.bin: a model that a run exported)',
    );
  });
});
