import { findNearDuplicates } from './findNearDuplicates.js';
import { joinGroups } from './joinGroups.js';
import { nearDistance } from './nearDistance.js';
import { shortList } from './shortList.js';

interface Image {
  readonly id: string;
  readonly group?: string;
  readonly facts: { readonly perceptual: string };
}

/** Puts images that show nearly the same, and their groups, into one group, so that a split keeps them on one side. */
export function joinNearDuplicates<I extends Image>(images: readonly I[]): { images: readonly I[]; notes: readonly string[] } {
  const pairs = findNearDuplicates(images.map(({ facts }) => facts.perceptual), nearDistance);
  const apart = pairs.map(({ first, second }) => [images[first], images[second]] as const).filter(([a, b]) => a.group === undefined || a.group !== b.group);
  if (apart.length === 0) return { images, notes: [] };
  return { images: joinGroups(images, apart), notes: [`${apart.length} pairs of images show nearly the same and stay on one side of a split: ${shortList(apart.map(([a, b]) => `${a.id} and ${b.id}`))}.`] };
}
