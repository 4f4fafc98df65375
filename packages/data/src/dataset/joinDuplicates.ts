import { InputError, type Issue } from '@nonlocal-med/core';
import { countOf, shortList } from '../noteText.js';
import { findNearDuplicates, MAXIMUM_NEAR_PAIRS, NEAR_DISTANCE } from './findNearDuplicates.js';
import { naturalCompare } from './naturalCompare.js';

interface DuplicateCandidate {
  readonly id: string;
  readonly issuePath: string;
  readonly className: string;
  /** Task `multilabel`: 1 present, 0 absent, -1 not known. */
  readonly findings?: readonly number[];
  readonly group?: string;
  readonly knownCopy?: string;
  readonly facts: { readonly hash: string };
}

/**
 * Puts copies of an image (equal file content) in one class into one group and joins their groups, so that they stay in
 * the same split, unless that is given. Copies in different classes, or of which one has a finding that another has not, are
 * an issue, unless the data set is known for them.
 */
export function joinDuplicates<I extends DuplicateCandidate>(
  images: readonly I[],
  { splitIsGiven = false }: { readonly splitIsGiven?: boolean } = {},
): {
  readonly images: readonly I[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
} {
  const copies = groupByHash(images).filter((set) => set.length > 1);
  const agrees = (set: readonly I[]): boolean =>
    isKnown(set) || (set[0].findings === undefined ? sameClass(set) : !contradict(set));
  const agreed = copies.filter(agrees);
  return {
    images: joinGroups(images, agreed),
    issues: copies.filter((set) => !agrees(set)).map(describeConflict),
    notes: describeCopies(agreed, splitIsGiven),
  };
}

function groupByHash<I extends DuplicateCandidate>(images: readonly I[]): I[][] {
  const groups = new Map<string, I[]>();
  for (const image of images) {
    const group = groups.get(image.facts.hash);
    if (group === undefined) groups.set(image.facts.hash, [image]);
    else group.push(image);
  }
  return [...groups.values()];
}

const isKnown = (set: readonly DuplicateCandidate[]): boolean =>
  set[0].knownCopy !== undefined && set.every(({ knownCopy }) => knownCopy === set[0].knownCopy);

const sameClass = (set: readonly DuplicateCandidate[]): boolean =>
  set.every(({ className }) => className === set[0].className);

/** Whether any finding is present in one of the copies and absent in another; one that is not known contradicts nothing. */
const contradict = (set: readonly DuplicateCandidate[]): boolean =>
  set[0].findings!.some((_, f) =>
    [0, 1].every((label) => set.some(({ findings }) => findings![f] === label)),
  );

function describeConflict([first, ...others]: readonly DuplicateCandidate[]): Issue {
  if (first.findings !== undefined)
    return {
      path: first.issuePath,
      message: `the same image has other findings: "${first.className}", and ${others.map(({ issuePath, className }) => `"${className}" in ${issuePath}`).join(', ')}`,
      hint: 'copies must not contradict each other: correct the findings, or remove the wrong ones',
    };
  const listed = others.map(({ issuePath, className }) => `${issuePath} in "${className}"`);
  return {
    path: first.issuePath,
    message: `the same image is in "${first.className}" and as ${listed.join(', ')}`,
    hint: 'an image belongs to one class: remove the wrong ones',
  };
}

function describeCopies(
  copies: readonly (readonly DuplicateCandidate[])[],
  splitIsGiven: boolean,
): string[] {
  if (copies.length === 0) return [];
  const shown = copies.slice(0, 3).map((set) => set.map(({ id }) => id).join(' = '));
  const extra = copies.reduce((sum, set) => sum + set.length - 1, 0);
  const alike =
    copies[0][0].findings === undefined ? 'in the same class' : 'with the same findings';
  const what =
    extra === 1 ? `image is a copy of another ${alike}` : `images are copies of others ${alike}`;
  const stay = splitIsGiven ? '' : ` and ${extra === 1 ? 'stays' : 'stay'} in the same split`;
  return [`${extra} ${what}${stay}: ${shown.join('; ')}${copies.length > 3 ? '; ...' : ''}.`];
}

interface NearDuplicateCandidate {
  readonly id: string;
  readonly group?: string;
  readonly facts: { readonly perceptual: string };
}

/**
 * Puts near duplicates, and their groups, into one group, so that they stay in the same split.
 *
 * @throws InputError if there are more pairs than are searched for: the remaining ones would not be joined
 */
export function joinNearDuplicates<I extends NearDuplicateCandidate>(
  images: readonly I[],
): { readonly images: readonly I[]; readonly notes: readonly string[] } {
  const pairs = findNearDuplicates(
    images.map(({ facts }) => facts.perceptual),
    NEAR_DISTANCE,
  );
  if (pairs.length === MAXIMUM_NEAR_PAIRS)
    throw new InputError({
      path: 'data.nearDuplicates',
      message: `at least ${MAXIMUM_NEAR_PAIRS.toLocaleString('en')} pairs of images are near duplicates, such as ${images[pairs[0].first].id} and ${images[pairs[0].second].id}: too many to join`,
      hint: 'keep; or remove images without content',
    });
  const separate = pairs
    .map(({ first, second }) => [images[first], images[second]] as const)
    .filter(([a, b]) => a.group === undefined || a.group !== b.group);
  if (separate.length === 0) return { images, notes: [] };
  const listed = shortList(separate.map(([a, b]) => `${a.id} and ${b.id}`));
  return {
    images: joinGroups(images, separate),
    notes: [
      `${countOf(separate.length, 'pair')} of near duplicates ${separate.length === 1 ? 'stays' : 'stay'} in the same split: ${listed}.`,
    ],
  };
}

/**
 * Gives the images of each set one group. If an image already had a group, that whole group is joined with the others of
 * the set; the first name in natural order becomes the name of all, and an image without a group contributes its id.
 */
export function joinGroups<I extends { readonly id: string; readonly group?: string }>(
  images: readonly I[],
  sets: readonly (readonly I[])[],
): I[] {
  const parent = new Map<string, string>();
  const find = (key: string): string => {
    let root = key;
    while (parent.has(root)) root = parent.get(root)!;
    return root;
  };
  const keyOf = ({ group, id }: I): string =>
    group === undefined ? `image ${id}` : `group ${group}`;
  for (const set of sets) {
    for (const image of set.slice(1)) {
      const [a, b] = [find(keyOf(set[0])), find(keyOf(image))].sort(naturalCompare);
      if (a !== b) parent.set(b, a);
    }
  }
  const joined = new Set(sets.flat().map((image) => find(keyOf(image))));
  return images.map((image) => {
    const root = find(keyOf(image));
    if (!joined.has(root) || (root === keyOf(image) && image.group !== undefined)) return image;
    return { ...image, group: root.replace(/^(group|image) /, '') };
  });
}
