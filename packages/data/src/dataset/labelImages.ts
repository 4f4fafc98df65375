import { InputError, type Issue } from '@nonlocal-med/core';
import type { ResolvedDataOptions } from './dataOptionsSchema.js';
import type { DatasetListing, ListedImage } from './datasetListing.js';
import { createLabelRule } from './labelRule.js';

/** An image and the name of its class. */
export interface LabelledImage extends ListedImage {
  readonly className: string;
}

/** Images with their classes, in the order of the listing. */
export interface LabelledImages {
  readonly images: readonly LabelledImage[];
  readonly classes: readonly string[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/** Turns labels into classes as the options say; a label that they do not cover is one issue, with its number of images. */
export function labelImages(
  { images, labels, labelOrder }: Pick<DatasetListing, 'images' | 'labels' | 'labelOrder'>,
  options: ResolvedDataOptions,
): LabelledImages {
  const rule = createLabelRule({ ...options, labelOrder });
  const classOf = new Map<string, string | null>();
  const issues: Issue[] = [];
  for (const label of new Set([...labels, ...images.map((image) => image.label)])) {
    try {
      classOf.set(label, rule.classOf(label));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const own = images.filter((image) => image.label === label);
      issues.push({
        ...error.issues[0],
        path: own[0]?.where ?? `label "${label}"`,
        message: `${error.issues[0].message} (${own.length} ${own.length === 1 ? 'image' : 'images'})`,
      });
    }
  }
  const labelled = images.flatMap((image): LabelledImage[] => {
    const className = classOf.get(image.label) ?? null;
    return className === null ? [] : [{ ...image, className }];
  });
  const found = [...classOf.values()].filter((name) => name !== null);
  return {
    images: labelled,
    classes: rule.order(found),
    issues,
    notes: describeLeftOut(images, classOf),
  };
}

function describeLeftOut(
  images: readonly ListedImage[],
  classOf: ReadonlyMap<string, string | null>,
): string[] {
  const left = [...classOf].filter(([, name]) => name === null).map(([label]) => label);
  if (left.length === 0) return [];
  const count = images.filter((image) => left.includes(image.label)).length;
  return [
    `${count} ${count === 1 ? 'image' : 'images'} labelled ${left.map((label) => `"${label}"`).join(', ')} left out, as labelMap says.`,
  ];
}
