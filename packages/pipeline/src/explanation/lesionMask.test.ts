import { expect, it } from 'vitest';
import { resizeMask } from './lesionMask.js';

/** A mask with a single lesion pixel. */
const single = (
  [height, width]: readonly [number, number],
  [row, column]: readonly [number, number],
): Parameters<typeof resizeMask>[0] => {
  const data = new Uint8Array(height * width);
  data[row * width + column] = 1;
  return { data, height, width, channels: 1 };
};

it('keeps each lesion pixel of a mask that shrinks, near its position', () => {
  for (let row = 0; row < 23; row++) {
    for (let column = 0; column < 31; column++) {
      const small = resizeMask(single([23, 31], [row, column]), [5, 7]);
      const found = [...small.keys()].filter((i) => small[i] === 1);
      expect(found).toHaveLength(1);
      expect(Math.abs(Math.floor(found[0] / 7) + 0.5 - ((row + 0.5) * 5) / 23)).toBeLessThanOrEqual(
        0.5,
      );
      expect(Math.abs((found[0] % 7) + 0.5 - ((column + 0.5) * 7) / 31)).toBeLessThanOrEqual(0.5);
    }
  }
});

it('takes the nearest pixel along an axis that grows', () => {
  expect([...resizeMask(single([1, 4], [0, 1]), [2, 8])]).toEqual([
    0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0,
  ]);
  expect([
    ...resizeMask(
      { data: Uint8Array.of(0, 0, 0, 0, 9, 0), height: 2, width: 1, channels: 3 },
      [1, 2],
    ),
  ]).toEqual([1, 1]);
});
