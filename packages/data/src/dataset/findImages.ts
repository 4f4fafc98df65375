import { realpath } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isDicomFile } from '../dicom/dicomHeader.js';
import { listFolder, selectFolders } from './listFolder.js';
import { findMaskFiles, isMaskFolder } from './maskFolders.js';

/** The content of a folder and its subfolders; paths are relative to it, with forward slashes, in natural order. */
export interface FoundImages {
  readonly images: readonly string[];
  /** Images of a format that is not supported. */
  readonly unsupported: readonly string[];
  /** Files that are not images. */
  readonly others: readonly string[];
  /** Folders of masks, which are not images to learn from. */
  readonly maskFolders: readonly string[];
  /** Masks beside their images: "scan_mask.png" beside "scan.png". */
  readonly maskFiles: readonly string[];
}

/**
 * Walks a folder. Links are followed, but not in circles; hidden files are skipped; a dead link counts as what its name
 * suggests.
 */
export async function findImages(folder: string): Promise<FoundImages> {
  const found = {
    images: [] as string[],
    unsupported: [] as string[],
    others: [] as string[],
    maskFolders: [] as string[],
    maskFiles: [] as string[],
  };
  const listOfKind = { image: found.images, unsupported: found.unsupported, other: found.others };
  const walk = async (inside: string, above: readonly string[]): Promise<void> => {
    const here = await realpath(join(folder, inside));
    if (above.includes(here)) return;
    const names = await listFolder(here);
    const folders = await selectFolders(here, names);
    const masks = findMaskFiles(names.filter((name) => imageKind(name) === 'image'));
    for (const name of names) {
      const path = inside === '' ? name : `${inside}/${name}`;
      if (!folders.includes(name))
        (masks.has(name) ? found.maskFiles : listOfKind[await kindOfFile(join(here, name))]).push(
          path,
        );
      else if (isMaskFolder(name, folders)) found.maskFolders.push(path);
      else await walk(path, [...above, here]);
    }
  };
  await walk('', []);
  return found;
}

/** What a file is; one that is no image by its name may be a DICOM file, which its content tells. */
export async function kindOfFile(path: string): Promise<'image' | 'unsupported' | 'other'> {
  const kind = imageKind(path);
  return kind === 'other' && (await isDicomFile(path)) ? 'image' : kind;
}

const IMAGE_EXTENSIONS = new Set([
  '.dcm',
  '.dicom',
  '.ima',
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.tif',
  '.tiff',
  '.webp',
]);
const UNSUPPORTED_EXTENSIONS = new Set([
  '.avif',
  '.bmp',
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
 * What a file is, by its extension: a supported image (DICOM, JPEG, PNG, TIFF, WebP), an image of an unsupported format (to be
 * reported rather than skipped), or something else.
 */
export function imageKind(file: string): 'image' | 'unsupported' | 'other' {
  const extension = extname(file).toLowerCase();
  if (IMAGE_EXTENSIONS.has(extension)) return 'image';
  return UNSUPPORTED_EXTENSIONS.has(extension) ? 'unsupported' : 'other';
}
