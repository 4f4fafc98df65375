import { InputError } from '@nonlocal-med/core';
import { findNearDuplicates } from './findNearDuplicates.js';
import { joinGroups } from './joinGroups.js';
import { mostNearPairs } from './mostNearPairs.js';
import { nearDistance } from './nearDistance.js';
import { shortList } from './shortList.js';

interface Image {
  readonly id: string;
  readonly group?: string;
  readonly facts: { readonly perceptual: string };
}

/**
 * Puts images that show nearly the same, and their groups, into one group, so that a split keeps them on one side.
 * @throws InputError where there are more pairs than are looked for: those that are left would stay apart.
 */
export function joinNearDuplicates<I extends Image>(
  images: readonly I[],
): { images: readonly I[]; notes: readonly string[] } {
  const pairs = findNearDuplicates(
    images.map(({ facts }) => facts.perceptual),
    nearDistance,
  );
  if (pairs.length === mostNearPairs)
    throw new InputError({
      path: 'data.nearDuplicates',
      message: `${mostNearPairs.toLocaleString('en')} pairs of images or more show nearly the same, such as ${images[pairs[0].first].id} and ${images[pairs[0].second].id}: too many to join`,
      hint: 'keep; or take out images that show nothing',
    });
  const apart = pairs
    .map(({ first, second }) => [images[first], images[second]] as const)
    .filter(([a, b]) => a.group === undefined || a.group !== b.group);
  if (apart.length === 0) return { images, notes: [] };
  return {
    images: joinGroups(images, apart),
    notes: [
      `${apart.length} pairs of images show nearly the same and stay on one side of a split: ${shortList(apart.map(([a, b]) => `${a.id} and ${b.id}`))}.`,
    ],
  };
}
