import type { Preprocessing } from '@nonlocal-med/core';
import { LOCAL_MEAN_LEVEL } from './localMean.js';

/** What preprocessing leaves where there is nothing, and a rotation should fill with: black, or local-mean's grey. */
export function outsideLevel({ contrast }: Pick<Preprocessing, 'contrast'>): number {
  return contrast === 'local-mean' ? LOCAL_MEAN_LEVEL : 0;
}
