import type { Issue } from '@nonlocal-med/core';
import { joinGroups } from './joinGroups.js';

interface Image {
  readonly id: string;
  readonly where: string;
  readonly className: string;
  readonly group?: string;
  readonly knownCopy?: string;
  readonly facts: { readonly hash: string };
}

/** Images whose copies share a group. */
export interface JoinedImages<I> {
  readonly images: readonly I[];
  readonly issues: readonly Issue[];
  readonly notes: readonly string[];
}

/**
 * Copies of an image (equal file content) in one class are put into one group, their groups joined, so that a split
 * keeps them on one side; copies in different classes are an issue, unless the data set is known for them.
 */
export function joinDuplicates<I extends Image>(images: readonly I[]): JoinedImages<I> {
  const copies = [...groupBy(images, ({ facts }) => facts.hash).values()].filter(
    (set) => set.length > 1,
  );
  const issues = copies.flatMap((set): Issue[] => {
    const classes = [...new Set(set.map(({ className }) => className))];
    if (classes.length === 1 || isKnown(set)) return [];
    const others = set.slice(1).map(({ where, className }) => `${where} in "${className}"`);
    return [
      {
        path: set[0].where,
        message: `the same image is in "${set[0].className}" and as ${others.join(', ')}`,
        hint: 'an image has one class: take the wrong ones out',
      },
    ];
  });
  const agreed = copies.filter(
    (set) => isKnown(set) || new Set(set.map(({ className }) => className)).size === 1,
  );
  return { images: joinGroups(images, agreed), issues, notes: describe(agreed) };
}

const isKnown = (set: readonly Image[]): boolean =>
  set[0].knownCopy !== undefined && set.every(({ knownCopy }) => knownCopy === set[0].knownCopy);

function describe(copies: readonly (readonly Image[])[]): string[] {
  if (copies.length === 0) return [];
  const shown = copies.slice(0, 3).map((set) => set.map(({ id }) => id).join(' = '));
  const extra = copies.reduce((sum, set) => sum + set.length - 1, 0);
  return [
    `${extra} ${extra === 1 ? 'image is a copy' : 'images are copies'} of another in the same class, kept on the other's side of a split: ${shown.join('; ')}${copies.length > 3 ? '; ...' : ''}.`,
  ];
}

function groupBy<I>(items: readonly I[], keyOf: (item: I) => string): Map<string, I[]> {
  const groups = new Map<string, I[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
