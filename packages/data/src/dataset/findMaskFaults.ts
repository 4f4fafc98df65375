import type { Fault } from '@nonlocal-med/core';
import type { ImageCheck } from './checkImage.js';
import type { ListedImage } from './datasetListing.js';
import type { ImageFacts } from './openedDataset.js';

/** Lesion masks that cannot be read, or that have another size than their image. */
export function findMaskFaults(
  masked: readonly ListedImage[],
  {
    checks,
    good,
  }: { checks: readonly ImageCheck[]; good: readonly (ListedImage & { facts: ImageFacts })[] },
): Fault[] {
  const factsOf = new Map(good.map(({ id, facts }) => [id, facts]));
  return masked.flatMap(({ id, mask, where }, index): Fault[] => {
    const [check, image] = [checks[index], factsOf.get(id)];
    if ('reason' in check)
      return [
        {
          where,
          what: `the mask "${mask}" cannot be used: ${check.reason}`,
          allowed: 'repair it, or take it out of the manifest',
        },
      ];
    if (
      image === undefined ||
      (image.width === check.facts.width && image.height === check.facts.height)
    )
      return [];
    return [
      {
        where,
        what: `the mask "${mask}" has ${check.facts.width} x ${check.facts.height} pixels`,
        allowed: `those of its image: ${image.width} x ${image.height}`,
      },
    ];
  });
}
