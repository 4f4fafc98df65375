import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './halfPrecision.js';

const ALL = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

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

describe('half precision', () => {
  it('round-trips every bit pattern except NaN', () => {
    for (const [from, to, exponent] of [
      [fromFloat16, toFloat16, 0x7c00],
      [fromBfloat16, toBfloat16, 0x7f80],
    ] as const) {
      const back = to(from(ALL));
      for (const bits of ALL) {
        const isNaN = (bits & exponent) === exponent && (bits & ~exponent & 0x7fff) !== 0;
        if (!isNaN) expect(back[bits]).toBe(bits);
      }
    }
  });

  it('rounds half to even', () => {
    // 1 + 1/2048 lies between 1 (even) and 1 + 1/1024; 65519.99 rounds to 65504, 65520 to infinity (IEEE 754).
    expect([
      ...toFloat16(
        Float32Array.of(
          1 + 1 / 2048,
          1 + 3 / 2048,
          65519.99,
          65520,
          2 ** -25,
          2 ** -24 * 1.5,
          0.99999,
        ),
      ),
    ]).toEqual([0x3c00, 0x3c02, 0x7bff, 0x7c00, 0, 2, 0x3c00]);
    expect([...toBfloat16(Float32Array.of(1 + 1 / 256, 1 + 3 / 256, 3.4e38))]).toEqual([
      0x3f80, 0x3f82, 0x7f80,
    ]);
  });

  it.each(golden)('rounds %f to 16 bits as NumPy', (value, bits) => {
    expect([...toFloat16(Float32Array.of(value))]).toEqual([bits]);
  });

  it('keeps NaN and the sign of zero', () => {
    expect(fromFloat16(toFloat16(Float32Array.of(NaN)))[0]).toBeNaN();
    expect(fromBfloat16(toBfloat16(Float32Array.of(NaN)))[0]).toBeNaN();
    expect(Object.is(fromFloat16(toFloat16(Float32Array.of(-0)))[0], -0)).toBe(true);
  });
});
