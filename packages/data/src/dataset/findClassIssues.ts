import type { Issue } from '@nonlocal-med/core';
import type { DatasetListing } from './datasetListing.js';

interface ClassCheck {
  /** How a message names the data set. */
  readonly place: string;
  readonly classes: readonly string[];
  /** The images that count. */
  readonly images: readonly { readonly className: string }[];
  readonly bad: readonly { readonly image: { readonly className: string } }[];
  readonly listing: DatasetListing;
}

/** Too few classes, and classes without images. */
export function findClassIssues({ place, classes, images, bad, listing }: ClassCheck): Issue[] {
  if (listing.images.length === 0 && listing.issues.length > 0) return [];
  if (classes.length === 0)
    return [
      {
        path: place,
        message: 'has no class folders',
        hint: 'one folder a class, with its images inside; or a CSV manifest',
      },
    ];
  const counts = new Map(classes.map((name) => [name, 0]));
  for (const { className } of images) counts.set(className, (counts.get(className) ?? 0) + 1);
  if (classes.length > 50 && classes.length > images.length / 4) {
    return [
      {
        path: place,
        message: `has ${classes.length} classes for ${images.length} images, such as "${classes[0]}" and "${classes[1]}"`,
        hint: 'name another labelColumn, or join labels with labelMap or labelThresholds',
      },
    ];
  }
  const empty = classes.filter((name) => counts.get(name) === 0);
  const issues = empty.map((name): Issue => {
    const skipped = bad.filter(({ image }) => image.className === name).length;
    return {
      path: place,
      message: `class "${name}" has no images${skipped > 0 ? ` left: ${skipped} ${skipped === 1 ? 'was' : 'were'} skipped` : ''}`,
      hint: 'give it some, or take the class out',
    };
  });
  if (classes.length === 1)
    issues.push({
      path: place,
      message: `has one class, "${classes[0]}"`,
      hint: 'a classifier needs at least two',
    });
  return issues;
}
