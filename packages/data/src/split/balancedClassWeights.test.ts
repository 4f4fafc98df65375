import { describe, expect, it } from 'vitest';
import { balancedClassWeights } from './balancedClassWeights.js';

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
