import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromFloat16, toBfloat16, toFloat16 } from './halfPrecision.js';

const ALL = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

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

  it('keeps NaN and the sign of zero', () => {
    expect(fromFloat16(toFloat16(Float32Array.of(NaN)))[0]).toBeNaN();
    expect(fromBfloat16(toBfloat16(Float32Array.of(NaN)))[0]).toBeNaN();
    expect(Object.is(fromFloat16(toFloat16(Float32Array.of(-0)))[0], -0)).toBe(true);
  });
});
