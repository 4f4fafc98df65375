import { InputError, type Issue } from '@nonlocal-med/core';
import type { ExternalColumns } from './externalColumns.js';
import type { ExternalReference } from './externalPredictions.js';

/** Which record of a file is about which image of a run. */
export interface ImageMatch {
  /** Record of each image, by its index in the run. */
  readonly rows: Map<number, number>;
  /** Names of images that are not among those of the run. */
  readonly additional: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Matches the images of a file with those of a run: by the SHA-256 of their files, else by id, else by paths of which one
 * is the end of the other (`a` or `a.png` and `images/a.png`), where this is unique.
 * @param issues receives images that are listed twice
 * @throws InputError if no image is common to both
 */
export function matchImages(
  table: Pick<ExternalColumns, 'path' | 'records' | 'id' | 'byContent'>,
  { name, predictions, contents }: ExternalReference,
  issues: Issue[],
): ImageMatch {
  const { records, path } = table;
  const { ids } = predictions;
  if (table.byContent && contents === undefined)
    throw new InputError({
      path,
      message: `names images by their content, but ${name} has no record of the contents of its images`,
      hint: 'a column "id" with the names of the images',
    });
  const find = table.byContent ? byContent(ids, contents!) : byName(ids);
  const rows = new Map<number, number>();
  const additional: string[] = [];
  let byFileName = 0;
  records.forEach(({ line, fields }, record) => {
    const id = fields[table.id]?.trim() ?? '';
    const found = find(id);
    if (found === undefined) return void additional.push(id);
    const { image } = found;
    const report = (message: string, hint?: string): unknown =>
      issues.push({ path: `${path}:${line}`, message, hint });
    const before = rows.get(image);
    if (before !== undefined)
      return void report(
        `image "${id}" is listed twice, first on line ${records[before].line}`,
        'one line per image',
      );
    rows.set(image, record);
    if (found.rule === 'file name') byFileName++;
  });
  if (rows.size === 0)
    throw new InputError({
      path,
      message: `none of its images is among the test images of ${name}: it has "${additional[0] ?? ''}", the run "${ids[0] ?? ''}"`,
      hint: 'ids as in the predictions of the run, file names, or the SHA-256 of the files',
    });
  const notes =
    byFileName === 0
      ? []
      : [`${byFileName} of ${rows.size} images were matched by their file names.`];
  return { rows, additional, notes };
}

type Found = { readonly image: number; readonly rule: 'content' | 'id' | 'file name' };

function byContent(
  ids: readonly string[],
  contents: ReadonlyMap<string, string>,
): (hash: string) => Found | undefined {
  const images = new Map(ids.map((id, image) => [contents.get(id), image]));
  return (hash) => {
    const image = images.get(hash.toLowerCase());
    return image === undefined ? undefined : { image, rule: 'content' };
  };
}

function byName(ids: readonly string[]): (id: string) => Found | undefined {
  const images = new Map(ids.map((id, image) => [id, image]));
  const sameName = new Map<string, number[]>();
  for (const [image, id] of ids.entries())
    sameName.set(stemOf(id), [...(sameName.get(stemOf(id)) ?? []), image]);
  return (id) => {
    const exact = images.get(id) ?? images.get(id.replace(/^\.[/\\]/, ''));
    if (exact !== undefined) return { image: exact, rule: 'id' };
    const found = (sameName.get(stemOf(id)) ?? []).filter((image) => areSamePath(id, ids[image]));
    return found.length === 1 ? { image: found[0], rule: 'file name' } : undefined;
  };
}

const EXTENSION = /\.(?:png|jpe?g|tiff?|webp|bmp|gif|dcm|dicom)$/i;

/** The name of a file without folders and without the extension of an image. */
const stemOf = (id: string): string => id.replace(/^.*[/\\]/, '').replace(EXTENSION, '');

/** Whether one path is the end of the other, if one of them has fewer folders or no extension. */
function areSamePath(a: string, b: string): boolean {
  const both = EXTENSION.test(a) && EXTENSION.test(b);
  const [first, second] = [a, b].map(
    (id) =>
      `/${(both ? id : id.replace(EXTENSION, '')).replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '')}`,
  );
  return first.endsWith(second) || second.endsWith(first);
}
