import { describe, expect, it } from 'vitest';
import { joinNearDuplicates } from './joinDuplicates.js';

const image = (id: string, digit: string): { id: string; facts: { perceptual: string } } => ({
  id,
  facts: { perceptual: digit.repeat(64) },
});

describe('joinNearDuplicates', () => {
  it('gives near duplicates one group and the others none', () => {
    const { images, notes } = joinNearDuplicates([
      image('a', '0'),
      image('b', 'f'),
      image('c', '0'),
    ]);
    expect(images.map((one) => ('group' in one ? one.group : undefined))).toEqual([
      'a',
      undefined,
      'a',
    ]);
    expect(notes).toEqual(['1 pair of near duplicates stays in the same split: a and c.']);
  });

  it('rejects so many pairs that some would remain separate', () => {
    const blank = Array.from({ length: 200 }, (_, i) => image(`blank-${i}`, '0'));
    expect(() => joinNearDuplicates(blank)).toThrow(
      /data\.nearDuplicates: at least 10,000 pairs of images are near duplicates, such as blank-0 and blank-1: too many to join \(keep;/,
    );
  });
});
