import type { Issue } from '@nonlocal-med/core';
import { countOf } from '../noteText.js';
import type { ImageCheck, ImageFacts } from './checkImage.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';

interface ClassCheck {
  /** Path of the issues: the data set. */
  readonly path: string;
  readonly classes: readonly string[];
  /** The images that count. */
  readonly images: readonly { readonly className: string }[];
  readonly bad: readonly { readonly image: { readonly className: string } }[];
  readonly listing: DatasetListing;
  /** Whether one class is enough, and the others may be empty. */
  readonly allowMissingClasses?: boolean;
}

/** Too few or too many classes, and classes without images. */
export function findClassIssues({
  path,
  classes,
  images,
  bad,
  listing,
  allowMissingClasses = false,
}: ClassCheck): Issue[] {
  if (listing.images.length === 0 && listing.issues.length > 0) return [];
  // Findings that are missing are told apart by the split: those that training needs, and those that a test lacks.
  if (listing.findings !== undefined) return [];
  if (classes.length === 0)
    return [
      {
        path,
        message: 'has no class folders',
        hint: 'one folder per class, with its images inside; or a CSV manifest',
      },
    ];
  if (classes.length > 50 && classes.length > images.length / 4)
    return [
      {
        path,
        message: `has ${classes.length} classes for ${countOf(images.length, 'image')}, such as "${classes[0]}" and "${classes[1]}"`,
        hint: 'choose another --label-column, or merge labels with --label-map or data.labelThresholds',
      },
    ];
  if (allowMissingClasses && images.length > 0) return [];
  const present = new Set(images.map(({ className }) => className));
  const empty = classes.filter((name) => !present.has(name));
  const issues = empty.map((name): Issue => {
    const skipped = bad.filter(({ image }) => image.className === name).length;
    const reason = ` left: ${skipped} ${skipped === 1 ? 'was' : 'were'} skipped`;
    return {
      path,
      message: `class "${name}" has no images${skipped > 0 ? reason : ''}`,
      hint: 'add images, or remove the class',
    };
  });
  if (classes.length === 1)
    issues.push({
      path,
      message: `has only one class, "${classes[0]}"`,
      hint: 'a classifier needs at least two',
    });
  return issues;
}

type CheckedImage = ListedImage & { readonly facts: ImageFacts };

/** Lesion masks that cannot be read, or that differ in size from their image. */
export function findMaskIssues(
  masked: readonly ListedImage[],
  {
    checks,
    good,
  }: { readonly checks: readonly ImageCheck[]; readonly good: readonly CheckedImage[] },
): Issue[] {
  const factsOf = new Map(good.map(({ id, facts }) => [id, facts]));
  return masked.flatMap(({ id, mask, issuePath }, index): Issue[] => {
    const check = checks[index];
    if ('reason' in check)
      return [
        {
          path: issuePath,
          message: `the mask "${mask}" cannot be used: ${check.reason}`,
          hint: 'repair it, or remove it from the manifest',
        },
      ];
    const { width, height } = check.facts;
    const image = factsOf.get(id);
    if (image === undefined || (image.width === width && image.height === height)) return [];
    return [
      {
        path: issuePath,
        message: `the mask "${mask}" has ${width} x ${height} pixels`,
        hint: `the same size as its image: ${image.width} x ${image.height}`,
      },
    ];
  });
}
