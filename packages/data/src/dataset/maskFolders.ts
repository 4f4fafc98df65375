import { extname } from 'node:path';

const MASK_FOLDER = /^(masks?|segmentations?|ground[ _-]?truths?|gt|annotations?)$/i;
const MASK_SUFFIX = /^(.+?)[ _-](masks?|segmentations?|seg|ground[ _-]?truths?|gt)(?:[ _-]?\d+)?$/i;

/** What a mask's name is the mask of: "scan" of "scan_mask" and "scan_mask_1"; undefined for another name. */
const maskedName = (name: string): string | undefined => MASK_SUFFIX.exec(name)?.[1];

/** Whether a folder within a class folder holds masks: "masks", "gt", or "images_masks" beside "images". */
export const isMaskFolder = (name: string, siblings: readonly string[]): boolean =>
  MASK_FOLDER.test(name) || siblings.includes(maskedName(name) ?? '');

/** Those of the images in one folder that are masks of others: "scan_mask.png" beside "scan.png". */
export function findMaskFiles(names: readonly string[]): ReadonlySet<string> {
  const stemOf = (name: string): string => name.slice(0, -extname(name).length || undefined);
  const stems = new Set(names.map(stemOf));
  return new Set(names.filter((name) => stems.has(maskedName(stemOf(name)) ?? '')));
}

/**
 * Those of the class folders that hold masks rather than images of a class: by their name, if also most of their file
 * names are those of images in other folders. Beside "no mask", "mask" is a class.
 *
 * @param paths of the images in each folder, relative to it
 */
export function findMaskClasses(
  folders: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const keyOf = (path: string): string => {
    const stem = path.slice(path.lastIndexOf('/') + 1, path.length - extname(path).length);
    return maskedName(stem) ?? stem;
  };
  const names = [...folders.keys()];
  return new Set(
    names.filter((name) => {
      if (!isMaskFolder(name, names)) return false;
      if (names.some((other) => /mask/i.test(other) && !isMaskFolder(other, names))) return false;
      const elsewhere = new Set(
        names.filter((other) => other !== name).flatMap((other) => folders.get(other)!.map(keyOf)),
      );
      const masks = folders.get(name)!;
      return masks.filter((path) => elsewhere.has(keyOf(path))).length > masks.length / 2;
    }),
  );
}
