import { extname } from 'node:path';

const READ = new Set(['.jpg', '.jpeg', '.jpe', '.jfif', '.png', '.tif', '.tiff', '.webp']);
const NOT_READ = new Set([
  '.avif',
  '.bmp',
  '.dcm',
  '.dicom',
  '.gif',
  '.heic',
  '.j2k',
  '.jp2',
  '.jxl',
  '.mha',
  '.mhd',
  '.nii',
  '.nrrd',
  '.pgm',
  '.pnm',
  '.ppm',
  '.psd',
  '.svg',
]);

/**
 * What a file's name says of it: an image that is read (JPEG, PNG, TIFF, WebP), an image of a kind that is not (an issue
 * rather than something to pass over), or something else.
 */
export function imageKind(file: string): 'image' | 'foreign' | 'other' {
  const extension = extname(file).toLowerCase();
  if (READ.has(extension)) return 'image';
  return NOT_READ.has(extension) ? 'foreign' : 'other';
}
