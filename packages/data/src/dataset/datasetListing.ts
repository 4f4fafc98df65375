import type { Issue } from '@nonlocal-med/core';

/** An image that a data set names, before anybody looked into the file. */
export interface ListedImage {
  /** Path relative to the data set's image root, with forward slashes. */
  readonly id: string;
  readonly file: string;
  /** The label as it stands in the data set: a folder's name, a cell. */
  readonly label: string;
  readonly group?: string;
  readonly mask?: string;
  /** Images of one name are known to be copies of each other, even if the data set labels them differently. */
  readonly knownCopy?: string;
  /** How a message names it: a path, or the manifest's line. */
  readonly where: string;
}

/**
 * What a data set says it consists of. Each kind of data set has a function that reads its layout into this; the images
 * are checked afterwards, alike for all kinds.
 */
export interface DatasetListing {
  readonly name: string;
  readonly images: readonly ListedImage[];
  /** Labels that exist even if no image has them (an empty class folder). */
  readonly labels: readonly string[];
  /** Labels in the order of their classes, where it is not the natural order of the names. */
  readonly labelOrder?: readonly string[];
  /** What to say where no image has a group, in place of the general advice. */
  readonly groupNote?: string;
  readonly issues: readonly Issue[];
  /** Decisions the user should know of, one sentence each. */
  readonly notes: readonly string[];
}
