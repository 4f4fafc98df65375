import { basename, extname } from 'node:path';

/** File names for overlays of images, each its own: images of one name get numbers, also where names differ in case only. */
export function overlayNames(files: readonly string[]): string[] {
  const taken = new Set<string>();
  return files.map((file) => {
    const stem = basename(file, extname(file));
    let name = stem;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}`;
    taken.add(name.toLowerCase());
    return `${name}-grad-cam.png`;
  });
}
