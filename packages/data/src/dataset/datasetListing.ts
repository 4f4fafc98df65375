import type { Issue, SplitName } from '@nonlocal-med/core';
import type { FindingOptions } from '../findings/findingOptions.js';

/** Where a data set is, what kind it is, and notes on how that was recognized. */
export type DatasetLocation = { readonly notes: readonly string[] } & (
  | { readonly kind: 'folder' | 'messidor' | 'covid19-radiography'; readonly folder: string }
  | { readonly kind: 'messidor2'; readonly folder: string; readonly grades?: string }
  | { readonly kind: 'csv' | 'chestxray14'; readonly manifest: string }
  | { readonly kind: 'chexpert'; readonly folder: string; readonly table?: string }
  | { readonly kind: 'eyepacs' | 'aptos'; readonly manifest: string }
);

/** An image that a data set lists, before the file itself has been examined. */
export interface ListedImage {
  /** Path relative to the data set's image root, with forward slashes. */
  readonly id: string;
  readonly file: string;
  /** Which frame of the file, counted from 0, if it has several. */
  readonly frame?: number;
  /** The path that `id` would be if it were not a hash, for patterns. */
  readonly namedId?: string;
  /** The label as written in the data set: a folder's name, a cell. */
  readonly label: string;
  /** Task `multilabel`: the cells of {@link FindingForm.columns}, if findings have one each. */
  readonly findingCells?: readonly string[];
  readonly group?: string;
  readonly mask?: string;
  /** Images with the same name here are known copies of each other, even if the data set labels them differently. */
  readonly knownCopy?: string;
  /** The part of a given split that contains it. */
  readonly split?: SplitName;
  /** What may be kept with it, as written in the data set. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** How issues refer to it: a path, or the manifest's line. */
  readonly issuePath: string;
}

/** How the images of a listing tell their findings: in a column each, or in their label, which lists them. */
export interface FindingForm {
  /** The findings that have a column each. */
  readonly columns?: readonly string[];
  /** What the column that lists them is called in issues. */
  readonly column: string;
  /** The findings that it may list, if the data set is known. */
  readonly known?: readonly string[];
  /** What blank cells mean in this data set, unless the option says otherwise. */
  readonly blank?: FindingOptions['blank'];
}

/**
 * What a data set consists of according to its layout. Each kind of data set has a function that reads its layout into
 * this form; the images are checked afterwards, in the same way for all kinds.
 */
export interface DatasetListing {
  readonly name: string;
  readonly images: readonly ListedImage[];
  /** Labels that exist even if no image has them (an empty class folder). */
  readonly labels: readonly string[];
  /** Labels in the order of their classes, if it is not the natural order of the names. */
  readonly labelOrder?: readonly string[];
  /** How images tell their findings; absent for the task `multiclass`. */
  readonly findings?: FindingForm;
  /** What gives the split of the images, for a sentence: 'the column "split" of labels.csv'; absent without one. */
  readonly splitSource?: string;
  /** Names of attributes that images could have; absent in layouts without a manifest. */
  readonly attributeNames?: readonly string[];
  /** Replaces the general advice on groups if no image has a group. */
  readonly groupNote?: string;
  /** Pattern of the folders within those of the classes, which may be patients. */
  readonly folderPattern?: string;
  readonly issues: readonly Issue[];
  /** Decisions the user should know of, one sentence each. */
  readonly notes: readonly string[];
}
