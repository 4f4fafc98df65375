import { correctedResampledTest, pairedTTest } from '@nonlocal-med/metrics';
import type { RepeatKind } from '@nonlocal-med/runs';
import { differenceTest } from './differenceTest.js';
import type { DifferenceTest } from './experimentSummary.js';

/** Two values of one repeat, and how large its sides were. */
export interface PairedValues {
  readonly a: number;
  readonly b: number;
  readonly trainCount: number;
  readonly testCount: number;
}

/**
 * Tests a difference over repeats. Splits and folds share training images, so that their differences are not independent:
 * Nadeau and Bengio's correction with the sizes of the sides as they were (of each, the mean). Seeds on one split are
 * independent given that split: the plain paired t test, which speaks of this split alone.
 */
export function testOverRepeats(
  pairs: readonly PairedValues[],
  { kind, confidence }: { readonly kind: RepeatKind; readonly confidence: number },
): DifferenceTest {
  const a = pairs.map((pair) => pair.a);
  const b = pairs.map((pair) => pair.b);
  if (kind === 'seeds')
    return differenceTest('paired t over seeds', pairedTTest(a, b, { confidence }));
  if (pairs.length === 0)
    return differenceTest('corrected resampled t', {
      pValue: null,
      degreesOfFreedom: 0,
      undefinedBecause: 'a t test takes at least two pairs, got 0',
    });
  const meanOf = (side: 'trainCount' | 'testCount'): number =>
    pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  return differenceTest(
    'corrected resampled t',
    correctedResampledTest(a, b, {
      trainCount: meanOf('trainCount'),
      testCount: meanOf('testCount'),
      confidence,
    }),
  );
}
