import { extname } from 'node:path';
import { type Issue, type SplitName, suggestName } from '@nonlocal-med/core';
import { countOf, shortList } from '../../noteText.js';
import type { DatasetListing, ListedImage } from '../datasetListing.js';
import { imageKind } from '../findImages.js';
import { groupBy } from '../groupBy.js';
import type { SplitEntries, SplitEntry } from './readSplitFile.js';

/** Issues listed one by one; the others are counted. */
const LISTED = 10;

/**
 * Gives images the part of the split that split files list them in. Each image must be in one list; without a training
 * list, images in no list are for training, and then every line must name an image, because a mistyped test image would
 * be trained on.
 */
export function applySplitFile(
  images: readonly ListedImage[],
  { entries, issues, source }: SplitEntries,
): Pick<DatasetListing, 'images' | 'issues' | 'notes' | 'splitSource'> {
  const find = createMatcher(images);
  const found = entries.map((entry) => ({ entry, matches: find(entry.image) }));
  const named = groupBy(
    found.flatMap(({ entry, matches }) =>
      matches.length === 1 ? [{ entry, image: matches[0] }] : [],
    ),
    ({ image }) => image.id,
  );
  const impliesTraining = !entries.some(({ split }) => split === 'training');
  const splitOf = (id: string): SplitName | undefined =>
    named.get(id)?.[0].entry.split ?? (impliesTraining ? 'training' : undefined);
  const unknown = found.filter(({ matches }) => matches.length === 0).map(({ entry }) => entry);
  const unlisted = images.filter(({ id }) => splitOf(id) === undefined);
  const implied = images.length - named.size;
  const lost = impliesTraining || unknown.length === entries.length ? unknown : [];
  return {
    images: images.map((image) => ({ ...image, split: splitOf(image.id) })),
    splitSource: source,
    issues: [
      ...issues,
      ...ambiguousIssues(found),
      ...conflictIssues([...named.values()].map((lines) => lines.map(({ entry }) => entry))),
      ...unknownIssues(lost, images),
      ...unlistedIssues(unlisted, source),
    ],
    notes: [
      ...(impliesTraining && implied > 0
        ? [
            `There is no training list: ${countOf(implied, 'image')} that ${implied === 1 ? 'is' : 'are'} in no list ${implied === 1 ? 'is' : 'are'} for training.`,
          ]
        : []),
      ...(unknown.length > 0 && lost.length === 0
        ? [
            `${countOf(unknown.length, 'line')} of ${source} ${unknown.length === 1 ? 'names' : 'name'} an image that is not in the data set: ${shortList(unknown.map(({ image }) => image))}.`,
          ]
        : []),
    ],
  };
}

/** Finds the images that a line may mean: by path, by the end of a path, or by name, with or without its extension. */
function createMatcher(images: readonly ListedImage[]): (name: string) => readonly ListedImage[] {
  const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const stem = (path: string): string => path.slice(0, path.length - extname(path).length);
  const byBase = groupBy(images, ({ id }) => base(id));
  const byStem = groupBy(images, ({ id }) => stem(base(id)));
  return (given) => {
    const name = given.replaceAll('\\', '/').replace(/^\.\//, '');
    const hasExtension = imageKind(name) !== 'other';
    const candidates = (hasExtension ? byBase : byStem).get(base(name)) ?? [];
    const pathOf = ({ id }: ListedImage): string => (hasExtension ? id : stem(id));
    const exact = candidates.filter((image) => pathOf(image) === name);
    if (exact.length > 0) return exact;
    return candidates.filter(
      (image) => pathOf(image).endsWith(`/${name}`) || name.endsWith(`/${pathOf(image)}`),
    );
  };
}

interface FoundEntry {
  readonly entry: SplitEntry;
  readonly matches: readonly ListedImage[];
}

function ambiguousIssues(found: readonly FoundEntry[]): Issue[] {
  return cut(
    found
      .filter(({ matches }) => matches.length > 1)
      .map(({ entry: { image, where }, matches }) => ({
        path: where,
        message: `"${image}" may be ${shortList(matches.map(({ id }) => id))}`,
        hint: 'write the path below the data set',
      })),
  );
}

function conflictIssues(lines: readonly (readonly SplitEntry[])[]): Issue[] {
  return cut(
    lines.flatMap(([first, ...others]): Issue[] => {
      const other = others.find(({ split }) => split !== first.split);
      if (other === undefined) return [];
      return [
        {
          path: other.where,
          message: `"${other.image}" is listed for ${other.split}, but for ${first.split} in ${first.where}`,
          hint: 'an image belongs to one part of the split',
        },
      ];
    }),
  );
}

function unknownIssues(unknown: readonly SplitEntry[], images: readonly ListedImage[]): Issue[] {
  return cut(
    unknown.map(({ image, where }) => {
      // Comparing with every name is slow, and only the first issues are shown.
      const near =
        unknown.length > LISTED
          ? undefined
          : suggestName(
              image,
              images.map(({ id }) => id),
            );
      return {
        path: where,
        message: `"${image}" is not an image of the data set`,
        hint:
          near === undefined
            ? `a path such as ${images[0]?.id}, or a file name that is unique`
            : `did you mean "${near}"?`,
      };
    }),
  );
}

function unlistedIssues(unlisted: readonly ListedImage[], source: string): Issue[] {
  if (unlisted.length === 0) return [];
  return [
    {
      path: 'data.splitFile',
      message: `${countOf(unlisted.length, 'image')} ${unlisted.length === 1 ? 'is' : 'are'} not in ${source}: ${shortList(unlisted.map(({ id }) => id))}`,
      hint: 'list every image; or give no training list, then all images in no list are for training',
    },
  ];
}

function cut(issues: readonly Issue[]): Issue[] {
  if (issues.length <= LISTED) return [...issues];
  const rest = issues.length - LISTED;
  return [
    ...issues.slice(0, LISTED),
    { path: 'data.splitFile', message: `and ${countOf(rest, 'more line')} of this kind` },
  ];
}
