import type { Issue, SplitName } from '@nonlocal-med/core';
import { countOf, shortList } from '../../noteText.js';
import { groupBy } from '../groupBy.js';
import { splitNames } from './splitNames.js';

/** A patient (group) or an identical image in more than one part of a given split. */
export interface Leak {
  readonly kind: 'group' | 'image';
  /** The group, or the id of the first image with the same content. */
  readonly name: string;
  /** Ids of its images by part of the split. */
  readonly images: Readonly<Partial<Record<SplitName, readonly string[]>>>;
}

interface LeakCandidate {
  readonly id: string;
  readonly group?: string;
  readonly split?: SplitName;
  readonly facts: { readonly hash: string };
}

/** Leaks listed as issues one by one; the first issue counts all of them. */
const LISTED = 19;

/**
 * Groups with images in several parts of a given split, and images whose identical copies are in several parts. Copies
 * that a leaking group already explains are not repeated.
 */
export function findLeaks(images: readonly LeakCandidate[]): Leak[] {
  const leaksBy = (
    kind: Leak['kind'],
    keyOf: (image: LeakCandidate) => string | undefined,
  ): Leak[] =>
    [...groupBy(images, keyOf)].flatMap(([key, members]): Leak[] => {
      const parts = splitNames.filter((part) => members.some(({ split }) => split === part));
      if (parts.length < 2) return [];
      const idsOf = (part: SplitName): string[] =>
        members.filter(({ split }) => split === part).map(({ id }) => id);
      return [
        {
          kind,
          name: kind === 'group' ? key : members[0].id,
          images: Object.fromEntries(parts.map((part) => [part, idsOf(part)])),
        },
      ];
    });
  const groups = leaksBy('group', ({ group }) => group);
  const explained = new Set(groups.map(({ name }) => name));
  const copies = leaksBy('image', ({ group, facts }) =>
    group !== undefined && explained.has(group) ? undefined : facts.hash,
  );
  return [...groups, ...copies];
}

/** The issues of leaks that are not allowed: one that counts all, which must not be cut off, then one per leak. */
export function leakIssues(leaks: readonly Leak[], source: string): Issue[] {
  if (leaks.length === 0) return [];
  const listed = leaks
    .slice(0, LISTED)
    .map((leak): Issue => ({ path: describeLeaking(leak), message: `is in ${partsText(leak)}` }));
  const more = leaks.length > LISTED ? `, of which the first ${LISTED} are listed` : '';
  return [
    {
      path: 'data',
      message: `${countLeaks(leaks)} in more than one part of the split given by ${source}${more}`,
      hint: 'correct the split; or --allow-leaks trains anyway and records all of them, --given-split ignore splits anew by patient',
    },
    ...listed,
  ];
}

/** What leaks that are allowed mean for results, as a sentence. */
export const leakNote = (leaks: readonly Leak[]): string =>
  `The given split leaks, which --allow-leaks permits: ${countLeaks(leaks)} in more than one part of it, so results are likely too good: ${shortList(leaks.map((leak) => `${describeLeaking(leak)} in ${Object.keys(leak.images).join(' and ')}`))}.`;

const describeLeaking = ({ kind, name }: Leak): string =>
  kind === 'group' ? `patient (group) "${name}"` : `image ${name}`;

const partsText = ({ kind, images }: Leak): string =>
  Object.entries(images)
    .map(([part, ids]) => `${part} (${shortList(ids)})`)
    .join(' and ') + (kind === 'image' ? ': identical files' : '');

function countLeaks(leaks: readonly Leak[]): string {
  const groups = leaks.filter(({ kind }) => kind === 'group').length;
  const copies = leaks.length - groups;
  const parts = [
    ...(groups > 0 ? [countOf(groups, 'patient')] : []),
    ...(copies > 0 ? [countOf(copies, 'identical image')] : []),
  ];
  return `${parts.join(' and ')} ${leaks.length === 1 ? 'is' : 'are'}`;
}
