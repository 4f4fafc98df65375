import type { Classification } from '@nonlocal-med/classifier';

/** An image that was chosen, and what is known of it. */
export interface ImageEntry {
  /** Name of the file, with `#2` for the second frame of a file with several. */
  readonly id: string;
  readonly file: File;
  /** Which frame of a DICOM file with several, counted from 0. */
  readonly frame?: number;
  readonly outcome: Outcome | null;
}

/** The result of an image, or why there is none. */
export type Outcome =
  { readonly result: ImageResult; readonly notes: readonly string[] } | { readonly error: string };

/** What the table and the detail show of an image; it has no maps, which are computed when an image is opened. */
export type ImageResult = Classification;

/** The name of what an operating point looks for. */
export const pointName = ({ positive }: { readonly positive: readonly string[] }): string =>
  positive.join(' or ');

/** The warning about an image unlike the training images; null if it is not. */
export const unlikeWarning = ({ unlike }: ImageResult): string | null =>
  unlike === null || unlike.distance <= 1
    ? null
    : `Unlike the training images${unlike.text === '' ? '' : `: ${unlike.text}`}. The result may be wrong.`;
