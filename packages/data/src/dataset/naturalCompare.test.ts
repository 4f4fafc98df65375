import { describe, expect, it } from 'vitest';
import { naturalCompare } from './naturalCompare.js';

describe('naturalCompare', () => {
  it('orders numbers by value and letters without case, and is a total order', () => {
    const names = [
      'b',
      'image 10',
      'image 2',
      'B',
      'image 002',
      'a',
      'image 99999999999999999999',
      'image 100000000000000000000',
      'image',
    ];
    expect([...names].sort(naturalCompare)).toEqual([
      'a',
      'B',
      'b',
      'image',
      'image 002',
      'image 2',
      'image 10',
      'image 99999999999999999999',
      'image 100000000000000000000',
    ]);
    for (const a of names)
      for (const b of names)
        expect(Math.sign(naturalCompare(a, b))).toBe(-Math.sign(naturalCompare(b, a)) + 0);
  });
});
