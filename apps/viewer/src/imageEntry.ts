import type { Classification } from '@nonlocal-med/classifier';

/** An image that was chosen, and what is known of it. */
export interface ImageEntry {
  /** Name of the file, with `#2` for the second frame of a file with several. */
  readonly id: string;
  readonly file: File;
  /** Which frame of a DICOM file with several, counted from 0. */
  readonly frame?: number;
  /** Whether the reader wants the result although the image is unlike the training images. */
  readonly isRevealed?: boolean;
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

/** An image with a result, which is withheld if the image is unlike the training images, until the reader wants it. */
export function isWithheld({ outcome, isRevealed }: ImageEntry): boolean {
  return isRevealed !== true && outcome !== null && 'result' in outcome && isUnlike(outcome.result);
}

const isUnlike = ({ unlike }: ImageResult): boolean => unlike !== null && unlike.distance > 1;

/** The warning about an image unlike the training images; null if it is not. */
export function unlikeWarning(entry: ImageEntry): string | null {
  const { outcome } = entry;
  if (outcome === null || 'error' in outcome || !isUnlike(outcome.result)) return null;
  const reasons = outcome.result.unlike!.text;
  const unlike = `the training images${reasons === '' ? '' : `: ${reasons}`}.`;
  return isWithheld(entry)
    ? `No result: unlike ${unlike}`
    : `Unlike ${unlike} The result may be wrong.`;
}
