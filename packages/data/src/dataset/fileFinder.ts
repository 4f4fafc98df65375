import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { countOf } from '../noteText.js';
import { imageKind } from './findImages.js';
import { groupBy } from './groupBy.js';

/** Finds the files that a manifest names. */
export interface FileFinder {
  /** The absolute path; undefined if there is none; several if the name matches several files equally well. */
  find(name: string): Promise<string | readonly string[] | undefined>;
  /** One sentence for each way in which the files found differ from the names in the manifest. */
  notes(): string[];
}

/**
 * A finder below a root folder. Backslashes count as slashes; a name without an image extension ("10_left") matches the
 * image of that name ("10_left.jpeg"). Each folder is listed only once.
 *
 * A name that does not exist as written is matched by what programs change about names: letter case, the image format's
 * ending, zeros that a spreadsheet dropped from a number, and the folders of an absolute path of another computer. All
 * of that is reported by `notes`.
 *
 * @param options.exact only names that exist as written
 */
export function createFileFinder(
  root: string,
  { exact = false }: { readonly exact?: boolean } = {},
): FileFinder {
  const listings = new Map<string, Promise<Listing>>();
  const list = (folder: string): Promise<Listing> => {
    const known = listings.get(folder) ?? readdir(folder).then(toListing, () => toListing([]));
    listings.set(folder, known);
    return known;
  };
  const changes = new Map<Change, { count: number; example: string }>();
  const record = (name: string, change: Change, found: string): string => {
    const known = changes.get(change) ?? { count: 0, example: `"${name}" is ${basename(found)}` };
    changes.set(change, { ...known, count: known.count + 1 });
    return found;
  };
  const findAt = async (path: string, name: string): Promise<Found> => {
    const folder = dirname(path);
    const match = matchName(await list(folder), basename(path), exact);
    if (match === undefined) return undefined;
    const files = match.names.map((entry) => join(folder, entry));
    if (files.length > 1) return files;
    return match.change === undefined ? files[0] : record(name, match.change, files[0]);
  };
  return {
    async find(name) {
      const path = name.replaceAll('\\', '/');
      const found = await findAt(isAbsolute(path) ? path : resolve(root, path), name);
      if (found !== undefined || exact || !isForeignPath(path)) return found;
      const parts = path.split('/').filter((part) => part !== '');
      for (let start = 1; start < parts.length; start++) {
        const below = await findAt(resolve(root, ...parts.slice(start)), name);
        if (typeof below === 'string') return record(name, 'folder', below);
        if (below !== undefined) return below;
      }
      return undefined;
    },
    notes: () =>
      [...changes].map(
        ([change, { count, example }]) =>
          `${countOf(count, 'file')} found ${CHANGES[change]}: ${example}${count > 1 ? ', ...' : '.'}`,
      ),
  };
}

type Found = string | readonly string[] | undefined;

const CHANGES = {
  case: 'in another letter case',
  ending: 'with another ending',
  zeros: 'with leading zeros that the manifest lacks',
  folder: "by the end of an absolute path that is not this computer's",
} as const;

type Change = keyof typeof CHANGES;

const isForeignPath = (path: string): boolean => isAbsolute(path) || /^(?:[a-z]:)?\//i.test(path);

/** Names in a folder, and its images by their names without extension, by parts of their names. */
interface Listing {
  readonly names: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly byStem: ReadonlyMap<string, readonly string[]>;
  readonly byLooseStem: ReadonlyMap<string, readonly string[]>;
  readonly byNumber: ReadonlyMap<string, readonly string[]>;
}

/** A name as files systems without letter case compare it: "É" as one letter or two is the same. */
const loose = (name: string): string => name.normalize('NFC').toLowerCase();
const stemOf = (name: string): string => name.slice(0, name.length - extname(name).length);
const withoutZeros = (digits: string): string => digits.replace(/^0+(?=\d)/, '');

function toListing(names: readonly string[]): Listing {
  const images = names.filter((entry) => imageKind(entry) === 'image');
  return {
    names: new Set(names),
    byName: groupBy(names, loose),
    byStem: groupBy(images, stemOf),
    byLooseStem: groupBy(images, (name) => loose(stemOf(name))),
    byNumber: groupBy(
      images.filter((name) => /^\d+$/.test(stemOf(name))),
      (name) => withoutZeros(stemOf(name)),
    ),
  };
}

/** The files that a name means, and what had to be changed about it. */
function matchName(
  { names, byName, byStem, byLooseStem, byNumber }: Listing,
  base: string,
  exact: boolean,
): { readonly names: readonly string[]; readonly change?: Change } | undefined {
  if (names.has(base)) return { names: [base] };
  const isStem = imageKind(base) === 'other';
  const plain = isStem ? byStem.get(base) : undefined;
  if (plain !== undefined || exact) return plain && { names: plain };
  const sameName = byName.get(loose(base)) ?? (isStem ? byLooseStem.get(loose(base)) : undefined);
  if (sameName !== undefined) return { names: sameName, change: 'case' };
  const number = /^(\d+)(?:\.0+)?$/.exec(base)?.[1];
  const padded = number === undefined ? undefined : byNumber.get(withoutZeros(number));
  if (padded !== undefined) return { names: padded, change: 'zeros' };
  const sameStem = isStem ? undefined : byLooseStem.get(loose(stemOf(base)));
  return sameStem && { names: sameStem, change: 'ending' };
}
