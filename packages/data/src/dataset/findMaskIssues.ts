import type { Issue } from '@nonlocal-med/core';
import type { ImageCheck } from './checkImage.js';
import type { ListedImage } from './datasetListing.js';
import type { ImageFacts } from './openedDataset.js';

/** Lesion masks that cannot be read, or that have another size than their image. */
export function findMaskIssues(
  masked: readonly ListedImage[],
  {
    checks,
    good,
  }: { checks: readonly ImageCheck[]; good: readonly (ListedImage & { facts: ImageFacts })[] },
): Issue[] {
  const factsOf = new Map(good.map(({ id, facts }) => [id, facts]));
  return masked.flatMap(({ id, mask, where }, index): Issue[] => {
    const [check, image] = [checks[index], factsOf.get(id)];
    if ('reason' in check)
      return [
        {
          path: where,
          message: `the mask "${mask}" cannot be used: ${check.reason}`,
          hint: 'repair it, or take it out of the manifest',
        },
      ];
    if (
      image === undefined ||
      (image.width === check.facts.width && image.height === check.facts.height)
    )
      return [];
    return [
      {
        path: where,
        message: `the mask "${mask}" has ${check.facts.width} x ${check.facts.height} pixels`,
        hint: `those of its image: ${image.width} x ${image.height}`,
      },
    ];
  });
}
