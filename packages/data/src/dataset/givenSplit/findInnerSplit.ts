import type { Issue, SplitName } from '@nonlocal-med/core';
import { countOf, shortList } from '../../noteText.js';
import type { ResolvedDataOptions } from '../dataOptionsSchema.js';
import type { ListedImage } from '../datasetListing.js';
import { joinNames } from './readSplitFile.js';
import { splitNameOf } from './splitNames.js';

/**
 * The split that folders within class folders give: NORMAL/train/, NORMAL/test/, ...; undefined if there are none. If
 * some images are in such folders and others are not, that is an issue.
 *
 * @param images with ids that begin with their class folder
 */
export function findInnerSplit(
  images: readonly ListedImage[],
  { givenSplit }: Pick<ResolvedDataOptions, 'givenSplit'>,
):
  | {
      readonly images: readonly ListedImage[];
      readonly splitSource?: string;
      readonly issues: readonly Issue[];
    }
  | undefined {
  if (givenSplit === 'ignore') return undefined;
  const folderOf = ({ id }: ListedImage): string => id.split('/').slice(1, -1)[0] ?? '';
  const splitOf = (image: ListedImage): SplitName | undefined => splitNameOf(folderOf(image));
  const inside = images.filter((image) => splitOf(image) !== undefined);
  if (inside.length === 0) return undefined;
  const names = [...new Set(inside.map(folderOf))];
  const outside = images.filter((image) => splitOf(image) === undefined);
  return {
    images: images.map((image) => ({ ...image, split: splitOf(image) })),
    splitSource: `the folders ${joinNames(names)} in each class folder`,
    issues:
      outside.length === 0
        ? []
        : [
            {
              path: 'data',
              message: `${countOf(inside.length, 'image')} ${inside.length === 1 ? 'is' : 'are'} in folders called ${joinNames(names)} within the class folders, and ${countOf(outside.length, 'image')} ${outside.length === 1 ? 'is' : 'are'} not: ${shortList(outside.map(({ id }) => id))}`,
              hint: 'put every image into the folder of its part of the split; or --given-split ignore splits all images anew',
            },
          ],
  };
}
