import { describe, expect, it } from 'vitest';
import { interleaveOutcomes } from './embedImages.js';
import type { GalleryImage } from './readGallery.js';

const image = (id: string, predicted: number[]): GalleryImage => ({
  id,
  label: 0,
  imageFile: '',
  predictions: predicted.map((index) => ({ predicted: index, probabilities: [], maps: [] })),
});

describe('interleaveOutcomes', () => {
  it('puts rare outcomes near the start', () => {
    const correct = Array.from({ length: 20 }, (_, i) => image(`correct ${i}`, [0, 0]));
    const images = [...correct, image('disagreement', [0, 1]), image('wrong', [1, 1])];
    const ordered = interleaveOutcomes(images).map(({ id }) => id);
    expect(ordered.slice(0, 3)).toEqual(['correct 0', 'disagreement', 'wrong']);
    expect(ordered).toHaveLength(22);
  });
});
