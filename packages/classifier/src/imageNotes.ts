import type { PixelValues } from '@nonlocal-med/core';

/** What is known of how an image file was read. */
export interface ReadingFacts {
  /** Pages or frames in the file; default 1. */
  readonly pages?: number;
  /** `dicom`, `tiff`, `png` ... */
  readonly format?: string;
  /** Where the window of a DICOM file comes from. */
  readonly windowSource?: string;
}

/**
 * What a user should know about how an image was read, one clause each, whose subject is the file: `has 3 pages, of which the first
 * was read`.
 * @param values the pixel values of the model; a model with a fixed window does not use that of the file
 */
export function imageNotes(
  { pages = 1, format, windowSource }: ReadingFacts,
  values: PixelValues = '8-bit',
): string[] {
  const unit = format === 'dicom' ? 'frames' : 'pages';
  const usesFile = values === '8-bit' || ('window' in values && values.window === 'file');
  return [
    ...(pages > 1 ? [`has ${pages} ${unit}, of which the first was read`] : []),
    ...(usesFile && windowSource === 'percentile'
      ? [
          'defines no window, so that the percentiles 0.5 and 99.5 of its values were taken as black and white',
        ]
      : []),
  ];
}
