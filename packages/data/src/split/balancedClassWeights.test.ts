import { describe, expect, it } from 'vitest';
import { balancedClassWeights, balancedPositiveWeights } from './balancedClassWeights.js';

describe('balancedClassWeights', () => {
  it('equals scikit-learn: compute_class_weight("balanced", classes=[0,1,2], y=[0,0,0,1,1,2])', () => {
    const weights = balancedClassWeights(Int32Array.of(0, 0, 0, 1, 1, 2), 3);
    [0.6666666666666666, 1, 2].forEach((expected, label) =>
      expect(weights[label]).toBeCloseTo(expected, 12),
    );
  });

  it('rejects an empty class and a label that is not a class index', () => {
    expect(() => balancedClassWeights([0, 0], 2)).toThrow(
      'Class 1 has no images, so it has no balanced weight (counts: 2, 0).',
    );
    expect(() => balancedClassWeights([0, 3], 2)).toThrow(
      'Label 3 at index 1 is not a class index (0 to 1).',
    );
  });
});

describe('balancedPositiveWeights', () => {
  it('divides known negative labels by known positive ones, for each finding', () => {
    // Of the first finding 1 of 4 is positive and one not known; of the second all are negative; of the third none is known.
    const samples = [
      [1, 0, -1],
      [0, 0, -1],
      [0, -1, -1],
      [0, 0, -1],
      [-1, 0, -1],
    ].map((findings) => ({ findings }));
    expect(balancedPositiveWeights(samples, 3)).toEqual([3, 1, 1]);
  });

  it("is PyTorch's example: 300 negatives and 100 positives count as 300 positives", () => {
    const samples = Array.from({ length: 400 }, (_, i) => ({ findings: [i < 100 ? 1 : 0] }));
    expect(balancedPositiveWeights(samples, 1)).toEqual([3]);
  });
});
